import type { CurvePoint } from '@infnet/semi-supervised';
import { figure } from '../../progress/format.js';
import { block } from '../evaluation/html.js';
import type { RunPart } from './collect-parts.js';

/** Epochs shown; the others are in the run folder. */
const SHOWN = 8;

/** What the network made of the same slices in the course of its training. */
export function samplesHtml(strips: RunPart['strips'], curve: readonly CurvePoint[]): string {
  const epochs = strips.filter(({ epoch }) => epoch > 0);
  if (epochs.length === 0) return '';
  const given = strips.filter(({ epoch }) => epoch <= 0).toSorted((a, b) => b.epoch - a.epoch);
  const rows = [...given, ...spread(epochs)].map(
    ({ epoch, png }) =>
      `<li><img src="data:image/png;base64,${png}" alt="${captionOf(epoch)}"><span>${captionOf(epoch)}${scoreOf(curve, epoch)}</span></li>`,
  );
  return block(
    'Through training',
    `<ul class="strips">${rows.join('')}</ul>`,
    'The same slices of the validation set, and what the averaged weights made of them: white is a probability of 1.',
  );
}

function captionOf(epoch: number): string {
  return epoch === 0 ? 'slices' : epoch === -1 ? 'masks' : `epoch ${epoch}`;
}

function scoreOf(curve: readonly CurvePoint[], epoch: number): string {
  const dice = curve.find((point) => point.epoch === epoch)?.validation?.['meanDice'];
  return typeof dice === 'number' ? ` <small>mean Dice of all ${figure(dice)}</small>` : '';
}

/** A few of many, the first and the last among them. */
function spread<T>(items: readonly T[]): T[] {
  if (items.length <= SHOWN) return [...items];
  return Array.from({ length: SHOWN }, (_, i) => items[Math.round((i * (items.length - 1)) / (SHOWN - 1))]!);
}
