import { checkEmptyPolicy, type EmptyPolicy } from './empty-policy.js';
import { enhancedAlignment } from './enhanced-alignment-measure.js';
import { MetricsError } from './errors.js';
import { readMask, type Foreground } from './foreground.js';
import { checkKind, type MaskArray } from './inputs.js';
import { overlap, type Counts, type Overlap } from './overlap.js';

/** How two masks are read and what 0 / 0 is. */
export interface MaskOptions {
  /** Values strictly above this are foreground, in both masks. Default `'auto'`. */
  readonly foregroundAbove?: Foreground;
  /** Default `'nan'`. */
  readonly empty?: EmptyPolicy;
}

/** Overlap of two masks, with the counts behind it. */
export interface MaskReport extends Overlap, Counts {
  readonly eMeasure: number;
}

/**
 * Counts of two binary masks of the same length and any number of dimensions.
 *
 * @throws MetricsError `length-mismatch`, `unsupported-array`, `not-finite`, `ambiguous-mask`, `invalid-shape` if empty
 */
export function countMasks(
  prediction: MaskArray,
  groundTruth: MaskArray,
  options: Pick<MaskOptions, 'foregroundAbove'> = {},
): Counts {
  checkKind(prediction, 'prediction');
  checkKind(groundTruth, 'groundTruth');
  if (prediction.length !== groundTruth.length) {
    throw new MetricsError(
      'length-mismatch',
      `prediction holds ${prediction.length} values, groundTruth ${groundTruth.length}`,
      'both masks need the same size; restore the probability map to the size of the ground truth before cutting it',
    );
  }
  if (groundTruth.length === 0) {
    throw new MetricsError('invalid-shape', 'the masks hold no pixel', 'pass at least one pixel');
  }
  const above = options.foregroundAbove ?? 'auto';
  const predicted = readMask(prediction, above, 'prediction');
  const truth = readMask(groundTruth, above, 'groundTruth');
  let truePositives = 0;
  let predictedPixels = 0;
  let foreground = 0;
  for (let i = 0; i < truth.bytes.length; i++) {
    const p = predicted.bytes[i]! > predicted.above ? 1 : 0;
    const g = truth.bytes[i]! > truth.above ? 1 : 0;
    truePositives += p & g;
    predictedPixels += p;
    foreground += g;
  }
  return { truePositives, predicted: predictedPixels, foreground, pixels: truth.bytes.length };
}

/** Every overlap measure of two masks, and the E-measure, in one pass. See {@link countMasks} for errors. */
export function evaluateMask(
  prediction: MaskArray,
  groundTruth: MaskArray,
  options: MaskOptions = {},
): MaskReport {
  const counts = countMasks(prediction, groundTruth, options);
  const empty = checkEmptyPolicy(options.empty ?? 'nan');
  return {
    ...counts,
    ...overlap(counts, empty),
    eMeasure: enhancedAlignment(counts, 'N'),
  };
}

/** 2 |P and G| / (|P| + |G|) of two masks, 0..1. */
export function dice(prediction: MaskArray, groundTruth: MaskArray, options: MaskOptions = {}): number {
  return measure('dice', prediction, groundTruth, options);
}

/** |P and G| / |P or G| of two masks, 0..1. */
export function iou(prediction: MaskArray, groundTruth: MaskArray, options: MaskOptions = {}): number {
  return measure('iou', prediction, groundTruth, options);
}

/** Share of the ground truth's foreground that was found, 0..1. Also known as recall. */
export function sensitivity(
  prediction: MaskArray,
  groundTruth: MaskArray,
  options: MaskOptions = {},
): number {
  return measure('sensitivity', prediction, groundTruth, options);
}

/** Share of the ground truth's background that was left alone, 0..1. */
export function specificity(
  prediction: MaskArray,
  groundTruth: MaskArray,
  options: MaskOptions = {},
): number {
  return measure('specificity', prediction, groundTruth, options);
}

/** Share of the prediction that is right, 0..1. */
export function precision(prediction: MaskArray, groundTruth: MaskArray, options: MaskOptions = {}): number {
  return measure('precision', prediction, groundTruth, options);
}

/** E-measure of two masks, 0..1: `enhancedAlignment` with the paper's divisor N. */
export function enhancedAlignmentMeasure(
  prediction: MaskArray,
  groundTruth: MaskArray,
  options: Pick<MaskOptions, 'foregroundAbove'> = {},
): number {
  return enhancedAlignment(countMasks(prediction, groundTruth, options), 'N');
}

function measure(
  name: keyof Overlap,
  prediction: MaskArray,
  groundTruth: MaskArray,
  options: MaskOptions,
): number {
  const empty = checkEmptyPolicy(options.empty ?? 'nan');
  return overlap(countMasks(prediction, groundTruth, options), empty)[name];
}
