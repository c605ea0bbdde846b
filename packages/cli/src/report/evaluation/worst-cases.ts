import { plotColour } from '@infnet/metrics/export';
import type { ComparedSystem } from '../../evaluate/comparison.js';
import { figure } from '../../progress/format.js';
import { escapeHtml } from '../escape.js';
import { block, systemName } from './html.js';
import type { WorstPicture } from './worst-picture.js';

/**
 * The cases that the systems do worst on, each system's contour beside the truth's.
 *
 * @param prefix of the pictures' ids, different for every section of the page
 */
export function worstCasesHtml(
  pictures: readonly WorstPicture[],
  systems: readonly ComparedSystem[],
  prefix: string,
): string {
  if (pictures.length === 0) return '';
  const under =
    pictures[0]!.image === undefined
      ? "each system's own map lies under it (--images draws the slices)"
      : 'on the slice';
  return block(
    'Worst cases',
    `<ul class="worst">${pictures.map((picture, i) => caseHtml(picture, systems, `${prefix}${i}`)).join('')}</ul>`,
    `By Dice at 0.5, the mean of the systems. Ground truth: white, dashed; what a system marks at 0.5: in its colour; ${under}.`,
  );
}

function caseHtml(picture: WorstPicture, systems: readonly ComparedSystem[], key: string): string {
  const { id, share, systems: drawn } = picture;
  const figures = drawn.map(({ index, contour, map, diceAtHalf, meanDice }, i) => {
    const { name } = systems[index]!;
    const under = underlay(picture, map, key, i);
    return (
      `<figure>${drawing(picture, under, contour, index, name)}<figcaption>${systemName(name, index)}` +
      `<span>Dice@0.5 <b>${figure(diceAtHalf)}</b> · meanDice ${figure(meanDice)}</span></figcaption></figure>`
    );
  });
  return `<li><h3>${escapeHtml(id)} <span>${(100 * share).toFixed(1)} % infected</span></h3><div class="row">${figures.join('')}</div></li>`;
}

/** The picture under the contours; a slice is in the file once and used again. */
function underlay(
  { image, width, height }: WorstPicture,
  map: string | undefined,
  key: string,
  position: number,
): string {
  if (image !== undefined && position > 0) return `<use href="#${key}"/>`;
  const id = image === undefined ? `${key}-${position}` : key;
  return `<image id="${id}" href="data:image/png;base64,${image ?? map ?? ''}" width="${width}" height="${height}" preserveAspectRatio="none"/>`;
}

function drawing(
  { id, width, height, pixelAspect, truth }: WorstPicture,
  under: string,
  contour: string,
  index: number,
  name: string,
): string {
  const label = escapeHtml(`${id}: contours of ${name} and of the ground truth`);
  const line = 'fill="none" stroke-linejoin="round" vector-effect="non-scaling-stroke"';
  return (
    `<svg viewBox="0 0 ${width} ${height}" style="aspect-ratio:${(width * pixelAspect) / height}" preserveAspectRatio="none" role="img" aria-label="${label}">${under}` +
    `<path d="${contour}" ${line} stroke="#000" stroke-opacity=".5" stroke-width="4"/>` +
    `<path d="${contour}" ${line} stroke="${plotColour(index)}" stroke-width="2.2"/>` +
    `<path d="${truth}" ${line} stroke="#fff" stroke-width="1.4" stroke-dasharray="4 3"/></svg>`
  );
}
