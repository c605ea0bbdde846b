import { MetricsError } from './errors.js';
import { readMask, type ByteMask, type Foreground } from './foreground.js';
import { flatten, type MaskArray } from './inputs.js';
import type { Counts } from './overlap.js';

/**
 * Counts of two binary masks of the same length and any number of dimensions.
 *
 * @throws MetricsError `length-mismatch`, `unsupported-array`, `not-finite`, `ambiguous-mask`, `invalid-shape` if empty
 *
 * @example
 * ```ts
 * import { countMasks } from '@infnet/metrics';
 *
 * const { truePositives, predicted, foreground } = countMasks(Uint8Array.of(1, 1, 0), Uint8Array.of(1, 0, 0));
 * console.log(truePositives, predicted, foreground); // 1 2 1
 * ```
 */
export function countMasks(
  prediction: MaskArray,
  groundTruth: MaskArray,
  { foregroundAbove = 'auto' }: { readonly foregroundAbove?: Foreground } = {},
): Counts {
  const read = (mask: MaskArray, argument: string): ByteMask =>
    readMask(flatten(mask, argument), foregroundAbove, argument);
  const p = read(prediction, 'prediction');
  const g = read(groundTruth, 'groundTruth');
  const pixels = g.bytes.length;
  if (p.bytes.length !== pixels || pixels === 0) {
    throw new MetricsError(
      pixels === 0 ? 'invalid-shape' : 'length-mismatch',
      `prediction holds ${p.bytes.length} values, groundTruth ${pixels}`,
      'resize the map, not the mask',
    );
  }
  let truePositives = 0;
  let predicted = 0;
  let foreground = 0;
  for (let i = 0; i < pixels; i++) {
    const hit = p.bytes[i]! > p.above ? 1 : 0;
    const truth = g.bytes[i]! > g.above ? 1 : 0;
    truePositives += hit & truth;
    predicted += hit;
    foreground += truth;
  }
  return { truePositives, predicted, foreground, pixels };
}
