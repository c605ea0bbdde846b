import { LEFT_LUNG, RIGHT_LUNG } from './labels.js';

/**
 * Lungs become lungs or infection: infected voxels outside both join the one on their side of the column halfway
 * between the lungs, the only one where there is one, or go by `fallback` where there is none.
 *
 * @param labels 0, 1 and 2 in display order; changed in place
 * @param infection mask in display order
 * @param nx columns of a row
 * @param fallback column of the body's middle; default the middle of the image
 */
export function addInfection(
  labels: Uint8Array,
  infection: Uint8Array,
  nx: number,
  fallback: number = nx / 2,
): void {
  const middle = middleBetween(labels, nx) ?? fallback;
  for (let i = 0; i < labels.length; i++) {
    if (infection[i] !== 0 && labels[i] === 0) labels[i] = (i % nx) + 0.5 < middle ? RIGHT_LUNG : LEFT_LUNG;
  }
}

function middleBetween(labels: Uint8Array, nx: number): number | undefined {
  const sums = [0, 0, 0];
  const counts = [0, 0, 0];
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] ?? 0;
    if (label === 0) continue;
    sums[label] = (sums[label] ?? 0) + (i % nx) + 0.5;
    counts[label] = (counts[label] ?? 0) + 1;
  }
  return middleOf(counts, sums);
}

/**
 * Column halfway between the means of both lungs; beyond the image where there is one lung only.
 *
 * @param counts voxels by label
 * @param sums of the middles of their columns, by label
 */
export function middleOf(counts: ArrayLike<number>, sums: ArrayLike<number>): number | undefined {
  const right = counts[RIGHT_LUNG] ?? 0;
  const left = counts[LEFT_LUNG] ?? 0;
  if (right === 0 && left === 0) return undefined;
  if (left === 0) return Infinity;
  if (right === 0) return -Infinity;
  return ((sums[RIGHT_LUNG] ?? 0) / right + (sums[LEFT_LUNG] ?? 0) / left) / 2;
}
