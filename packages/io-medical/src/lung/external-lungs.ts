import type { ImageCheck } from '../checks/image-check.js';
import { ImageFormatError } from '../errors.js';
import { connectedComponents } from '../morphology/connected-components.js';
import type { Volume } from '../volume.js';
import { bodyMidline, describeRegions } from './air.js';
import { alignMask } from './align-mask.js';
import { assignSides } from './assign-sides.js';
import { displayGrid, fromDisplay, toDisplay } from './display-grid.js';
import { LEFT_LUNG, RIGHT_LUNG } from './labels.js';

/** Lungs, and lobes if there are any, out of a mask that somebody else made. */
export interface ExternalLungs {
  /** 0, {@link RIGHT_LUNG} or {@link LEFT_LUNG} per voxel in the volume's order. */
  readonly labels: Uint8Array;
  /** Labels 1 to 5 as `LOBE_NAMES` says; only where the mask has them. */
  readonly lobes?: Uint8Array;
  readonly checks: readonly ImageCheck[];
  readonly method: string;
}

/** Lobes of the left lung, by label. */
const LEFT_LOBES = new Set([1, 2]);

/**
 * Takes a lung mask of another program: one label (sides are told by place), two (right and left) or five (lobes).
 * It has to lie on the volume's grid; its axes may run otherwise.
 *
 * @param mask the mask as read from its file, such as with `readImage`
 * @throws {ImageFormatError} `size-mismatch`, `invalid-option`
 */
export function externalLungs(mask: Volume, volume: Volume): ExternalLungs {
  const given = alignMask(mask, volume);
  const present = labelsOf(given);
  if (present.length === 0) {
    throw new ImageFormatError(
      'invalid-option',
      `${mask.source}: the lung mask is empty`,
      'Give a mask that holds lungs, or leave it out.',
    );
  }
  if (present.length > 2 && present.every((label) => label <= 5)) {
    const labels = given.map((label) => (label === 0 ? 0 : LEFT_LOBES.has(label) ? LEFT_LUNG : RIGHT_LUNG));
    return { ...checkSides(labels, volume), lobes: given, method: 'a given mask of the lobes' };
  }
  if (present.length === 2 && present.every((label) => label === RIGHT_LUNG || label === LEFT_LUNG)) {
    return { ...checkSides(given, volume), method: 'a given mask, right and left by its labels' };
  }
  if (present.length === 1) {
    return {
      labels: sidesByPlace(given, volume),
      checks: [],
      method: 'a given mask, right and left by place',
    };
  }
  throw new ImageFormatError(
    'invalid-option',
    `${mask.source}: it holds the labels ${present.slice(0, 12).join(', ')}, which are neither lungs nor lobes`,
    'Give one label for both lungs, 1 and 2 for right and left, or 1 to 5 for the lobes.',
  );
}

function labelsOf(labels: Uint8Array): number[] {
  const isPresent = new Uint8Array(256);
  for (let i = 0; i < labels.length; i++) isPresent[labels[i] ?? 0] = 1;
  return [...isPresent.keys()].filter((label) => label > 0 && isPresent[label] === 1);
}

function sidesByPlace(mask: Uint8Array, volume: Volume): Uint8Array {
  const grid = displayGrid(volume);
  const components = connectedComponents(toDisplay(mask, grid), grid.dims);
  const midline = volume.unit === 'HU' ? bodyMidline(volume, grid) : grid.dims[0] / 2;
  const regions = describeRegions(components, grid, midline);
  return fromDisplay(assignSides(components, regions, grid, midline).labels, grid);
}

/** Labels by side, and a warning where the labels say the opposite of their places. */
function checkSides(labels: Uint8Array, volume: Volume): Pick<ExternalLungs, 'labels' | 'checks'> {
  const grid = displayGrid(volume);
  const seen = toDisplay(labels, grid);
  const [nx] = grid.dims;
  const sums = [0, 0, 0];
  const counts = [0, 0, 0];
  for (let i = 0; i < seen.length; i++) {
    const label = seen[i] ?? 0;
    sums[label] = (sums[label] ?? 0) + (i % nx);
    counts[label] = (counts[label] ?? 0) + 1;
  }
  const middleOf = (label: number): number => (sums[label] ?? 0) / (counts[label] ?? 0);
  return { labels, checks: middleOf(RIGHT_LUNG) > middleOf(LEFT_LUNG) ? [SWAPPED] : [] };
}

const SWAPPED: ImageCheck = {
  code: 'mirrored',
  message: 'the lung mask calls right what lies on the left of the volume',
  hint: 'Either the mask numbers its sides otherwise, or mask or volume are mirrored; figures by side follow the labels.',
};
