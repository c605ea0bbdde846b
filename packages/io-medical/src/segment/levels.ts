import { ImageFormatError } from '../errors.js';

/**
 * How many hundredths a probability reaches: the largest k with `p >= k / 100`, 0..100. One byte a voxel, and exact
 * at every threshold of two decimals, which a probability rounded to a byte is not.
 */
export function levelOf(probability: number): number {
  if (!(probability > 0)) return 0;
  let level = Math.min(100, Math.floor(probability * 100));
  // The product may round across a whole number; what counts is the comparison that a mask is made with.
  if (probability < level / 100) level--;
  else if (level < 100 && probability >= (level + 1) / 100) level++;
  return level;
}

/**
 * The mask at a threshold: 1 where the probability was at or above it.
 *
 * @throws {ImageFormatError} `invalid-option` for a threshold that is not one of 0.01, 0.02 ... 1
 */
export function maskOfLevels(levels: Uint8Array, threshold: number): Uint8Array {
  const least = Math.round(threshold * 100);
  if (!(least >= 1 && least <= 100 && least / 100 === threshold)) {
    throw new ImageFormatError(
      'invalid-option',
      `the threshold is ${threshold}`,
      'Give hundredths: 0.01, 0.02 ... 1.',
    );
  }
  const mask = new Uint8Array(levels.length);
  for (let i = 0; i < levels.length; i++) mask[i] = levels[i]! >= least ? 1 : 0;
  return mask;
}
