/**
 * p-values of several tests made at once, adjusted by Holm's step-down method (1979), which keeps the chance of any false
 * finding at the level without assuming independence. NaN stays NaN and does not count as a test.
 *
 * @example
 * ```ts
 * import { holm } from '@infnet/metrics/stats';
 *
 * console.log(holm([0.01, 0.04, 0.03]).join(' ')); // 0.03 0.06 0.06
 * ```
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues
    .map((p, index) => ({ p, index }))
    .filter(({ p }) => !Number.isNaN(p))
    .toSorted((a, b) => a.p - b.p);
  const adjusted = pValues.map(() => NaN);
  let largest = 0;
  order.forEach(({ p, index }, position) => {
    largest = Math.max(largest, Math.min(1, p * (order.length - position)));
    adjusted[index] = largest;
  });
  return adjusted;
}
