import { MetricsError } from './errors.js';

/**
 * Where a soft map is cut.
 *
 * - `'exact'`: (255 - i) / 255, so that every 8-bit level k is predicted at its own threshold.
 * - `'matlab'`: what MATLAB makes of `1:-1/255:0`, and so what the published figures used. MATLAB fills the vector from
 *   both ends; 14 levels of a full-range 8-bit map fall just below their own threshold (251 235 219 218 203 202 187 186
 *   171 170 155 154 139 138), which moves the mean Dice by up to 3.4e-4.
 * - a list of numbers, strictly descending.
 */
export type Thresholds = 'exact' | 'matlab' | readonly number[];

/**
 * The thresholds as numbers, descending.
 *
 * @throws MetricsError `invalid-option` for an empty, unsorted or non-finite list
 *
 * @example
 * ```ts
 * import { thresholdsOf } from '@infnet/metrics';
 *
 * const [exact, matlab] = [thresholdsOf('exact'), thresholdsOf('matlab')];
 * console.log(exact.length, exact[0], exact[255]); // 256 1 0
 * console.log(exact[4] === 251 / 255, matlab[4] > 251 / 255); // true true
 * ```
 */
export function thresholdsOf(thresholds: Thresholds): Float64Array {
  if (thresholds === 'exact') return Float64Array.from({ length: 256 }, (_, i) => (255 - i) / 255);
  if (thresholds === 'matlab') return matlabColon();
  const values = Float64Array.from(thresholds);
  const descending = values.every(
    (value, i) => Number.isFinite(value) && (i === 0 || value < values[i - 1]!),
  );
  if (values.length === 0 || !descending) {
    throw new MetricsError(
      'invalid-option',
      'thresholds must be a non-empty list of finite numbers, strictly descending',
      "sort them from high to low and drop duplicates, or pass 'exact' or 'matlab'",
    );
  }
  return values;
}

/** `1:-1/255:0`, filled from both ends as MATLAB does: the two halves round differently. */
function matlabColon(): Float64Array {
  const step = -1 / 255;
  const values = new Float64Array(256);
  for (let i = 0; i < 128; i++) {
    values[i] = 1 + i * step;
    values[255 - i] = i === 0 ? 0 : -(i * step);
  }
  return values;
}
