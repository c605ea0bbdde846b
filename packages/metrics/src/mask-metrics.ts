import { countMasks } from './count-masks.js';
import { checkEmptyPolicy, type EmptyPolicy } from './empty-policy.js';
import { enhancedAlignment } from './enhanced-alignment-measure.js';
import type { Foreground } from './foreground.js';
import type { MaskArray } from './inputs.js';
import { diceOf, iouOf, precisionOf, sensitivityOf, specificityOf, type Counts } from './overlap.js';

/** How two masks are read and what 0 / 0 is. */
export interface MaskOptions {
  /** Values strictly above this are foreground, in both masks. Default `'auto'`. */
  readonly foregroundAbove?: Foreground;
  /** Default `'nan'`. */
  readonly empty?: EmptyPolicy;
}

/**
 * 2 |P and G| / (|P| + |G|) of two masks, 0..1. See {@link countMasks} for errors.
 *
 * @example
 * ```ts
 * import { dice } from '@infnet/metrics';
 *
 * console.log(dice(Uint8Array.of(1, 1, 0, 0), Uint8Array.of(1, 0, 1, 0))); // 0.5
 * ```
 */
export function dice(prediction: MaskArray, groundTruth: MaskArray, options: MaskOptions = {}): number {
  return measure(diceOf, prediction, groundTruth, options);
}

/**
 * |P and G| / |P or G| of two masks, 0..1.
 *
 * @example
 * ```ts
 * import { iou } from '@infnet/metrics';
 *
 * console.log(iou(Uint8Array.of(1, 1, 0, 0), Uint8Array.of(1, 1, 1, 1))); // 0.5
 * ```
 */
export function iou(prediction: MaskArray, groundTruth: MaskArray, options: MaskOptions = {}): number {
  return measure(iouOf, prediction, groundTruth, options);
}

/**
 * Share of the ground truth's foreground that was found, 0..1. Also known as recall.
 *
 * @example
 * ```ts
 * import { sensitivity } from '@infnet/metrics';
 *
 * console.log(sensitivity(Uint8Array.of(1, 0, 0, 0), Uint8Array.of(1, 1, 1, 1))); // 0.25
 * ```
 */
export function sensitivity(
  prediction: MaskArray,
  groundTruth: MaskArray,
  options: MaskOptions = {},
): number {
  return measure(sensitivityOf, prediction, groundTruth, options);
}

/**
 * Share of the ground truth's background that was left alone, 0..1.
 *
 * @example
 * ```ts
 * import { specificity } from '@infnet/metrics';
 *
 * console.log(specificity(Uint8Array.of(1, 1, 0, 0), Uint8Array.of(1, 0, 0, 0)).toFixed(3)); // 0.667
 * ```
 */
export function specificity(
  prediction: MaskArray,
  groundTruth: MaskArray,
  options: MaskOptions = {},
): number {
  return measure(specificityOf, prediction, groundTruth, options);
}

/**
 * Share of the prediction that is right, 0..1.
 *
 * @example
 * ```ts
 * import { precision } from '@infnet/metrics';
 *
 * console.log(precision(Uint8Array.of(1, 1, 1, 1), Uint8Array.of(1, 0, 0, 0))); // 0.25
 * ```
 */
export function precision(prediction: MaskArray, groundTruth: MaskArray, options: MaskOptions = {}): number {
  return measure(precisionOf, prediction, groundTruth, options);
}

/**
 * E-measure of two masks, 0..1, with the paper's divisor N.
 *
 * @example
 * ```ts
 * import { enhancedAlignmentMeasure } from '@infnet/metrics';
 *
 * const mask = Uint8Array.of(1, 1, 0, 0);
 * console.log(enhancedAlignmentMeasure(mask, mask).toFixed(6)); // 1.000000
 * ```
 */
export function enhancedAlignmentMeasure(
  prediction: MaskArray,
  groundTruth: MaskArray,
  options: Pick<MaskOptions, 'foregroundAbove'> = {},
): number {
  return enhancedAlignment(countMasks(prediction, groundTruth, options), 'N');
}

function measure(
  ratio: (counts: Counts, empty: EmptyPolicy) => number,
  prediction: MaskArray,
  groundTruth: MaskArray,
  options: MaskOptions,
): number {
  return ratio(countMasks(prediction, groundTruth, options), checkEmptyPolicy(options.empty));
}
