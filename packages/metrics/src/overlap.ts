import type { EmptyPolicy } from './empty-policy.js';

/** beta^2 of the F-measure: the saliency literature's choice, which favours precision. */
export const F_BETA_SQUARED = 0.3;

/** Pixel counts of a binary prediction against a binary ground truth. */
export interface Counts {
  readonly truePositives: number;
  readonly predicted: number;
  readonly foreground: number;
  readonly pixels: number;
}

const COUNTS = ['truePositives', 'predicted', 'foreground', 'pixels'] as const;

/** One record of the counts, each made by its name. */
export function countsFrom(valueOf: (name: keyof Counts) => number): Counts {
  return Object.fromEntries(COUNTS.map((name) => [name, valueOf(name)])) as unknown as Counts;
}

/** Counts of several predictions, or of several parts of one, put together. */
export function sumCounts(parts: readonly Counts[]): Counts {
  return countsFrom((name) => parts.reduce((sum, part) => sum + part[name], 0));
}

/** Ratios of one binary prediction: 0..1, but mcc and kappa -1..1. Sensitivity is also known as recall. */
export interface Overlap {
  readonly dice: number;
  readonly iou: number;
  readonly fBeta: number;
  readonly precision: number;
  readonly sensitivity: number;
  readonly specificity: number;
  readonly accuracy: number;
  /** Mean of sensitivity and specificity; 1 minus it is the balanced error rate. */
  readonly balancedAccuracy: number;
  /** Matthews' correlation coefficient; 0 for an empty or full prediction of a mixed ground truth. */
  readonly mcc: number;
  /** Cohen's kappa: agreement beyond chance. */
  readonly kappa: number;
}

/**
 * Every ratio of two masks from their counts.
 *
 * Without a true positive in a non-empty ground truth Dice, IoU, F, precision and sensitivity are 0. What is 0 / 0
 * follows the {@link EmptyPolicy}; under `'reference'` specificity is 0 too when nothing was hit, as in the released
 * code.
 */
export function overlap(counts: Counts, empty: EmptyPolicy, fBetaSquared: number = F_BETA_SQUARED): Overlap {
  const sensitivity = sensitivityOf(counts, empty);
  const specificity = specificityOf(counts, empty);
  return {
    dice: diceOf(counts, empty),
    iou: iouOf(counts, empty),
    fBeta: fBetaOf(counts, empty, fBetaSquared),
    precision: precisionOf(counts, empty),
    sensitivity,
    specificity,
    accuracy: accuracyOf(counts),
    balancedAccuracy: (sensitivity + specificity) / 2,
    mcc: mccOf(counts, empty),
    kappa: kappaOf(counts, empty),
  };
}

/** 2 |P and G| / (|P| + |G|). */
export function diceOf(counts: Counts, empty: EmptyPolicy): number {
  return orMissed(counts, empty, (2 * counts.truePositives) / (counts.foreground + counts.predicted));
}

/** |P and G| / |P or G|. */
export function iouOf(counts: Counts, empty: EmptyPolicy): number {
  const { truePositives, predicted, foreground } = counts;
  return orMissed(counts, empty, truePositives / (predicted + foreground - truePositives));
}

/** |P and G| / |P|. */
export function precisionOf(counts: Counts, empty: EmptyPolicy): number {
  return orMissed(counts, empty, counts.truePositives / counts.predicted);
}

/** |P and G| / |G|. */
export function sensitivityOf(counts: Counts, empty: EmptyPolicy): number {
  return orMissed(counts, empty, counts.truePositives / counts.foreground);
}

/** Share of the background that was left alone. */
export function specificityOf(counts: Counts, empty: EmptyPolicy): number {
  const { truePositives, predicted, foreground, pixels } = counts;
  if (empty === 'reference' && truePositives === 0) return 0;
  const background = pixels - foreground;
  if (background === 0) return empty === 'reference' ? NaN : whenUndefined(empty, predicted === pixels);
  return (background - (predicted - truePositives)) / background;
}

function fBetaOf(counts: Counts, empty: EmptyPolicy, fBetaSquared: number): number {
  const precision = counts.truePositives / counts.predicted;
  const sensitivity = counts.truePositives / counts.foreground;
  const ratio = ((1 + fBetaSquared) * precision * sensitivity) / (fBetaSquared * precision + sensitivity);
  return orMissed(counts, empty, ratio);
}

function accuracyOf({ truePositives, predicted, foreground, pixels }: Counts): number {
  return (pixels - predicted - foreground + 2 * truePositives) / pixels;
}

function mccOf(counts: Counts, empty: EmptyPolicy): number {
  const { predicted, foreground, pixels } = counts;
  if (isOneClass(counts)) return ofOneClass(counts, empty);
  if (predicted === 0 || predicted === pixels) return 0;
  const variances = predicted * (pixels - predicted) * (foreground * (pixels - foreground));
  return covariance(counts) / Math.sqrt(variances);
}

function kappaOf(counts: Counts, empty: EmptyPolicy): number {
  const { predicted, foreground, pixels } = counts;
  if (isOneClass(counts)) return ofOneClass(counts, empty);
  return (2 * covariance(counts)) / (predicted * (pixels - foreground) + foreground * (pixels - predicted));
}

/** TP TN - FP FN, which is N TP - |P| |G|. */
function covariance({ truePositives, predicted, foreground, pixels }: Counts): number {
  return pixels * truePositives - predicted * foreground;
}

function isOneClass({ foreground, pixels }: Counts): boolean {
  return foreground === 0 || foreground === pixels;
}

/** Correlation with a ground truth that does not vary is 0 / 0. */
function ofOneClass({ truePositives, predicted, foreground }: Counts, empty: EmptyPolicy): number {
  if (empty === 'reference') return truePositives === 0 ? 0 : NaN;
  return whenUndefined(empty, predicted === foreground);
}

/** A ratio of what was hit; without a hit 0, unless there was nothing to hit. */
function orMissed(
  { truePositives, predicted, foreground }: Counts,
  empty: EmptyPolicy,
  ratio: number,
): number {
  if (truePositives > 0) return ratio;
  return foreground === 0 && empty !== 'reference' ? whenUndefined(empty, predicted === 0) : 0;
}

/** What 0 / 0 is: NaN, or whether the prediction agrees. */
export function whenUndefined(empty: EmptyPolicy, agrees: boolean): number {
  if (empty === 'nan') return NaN;
  return agrees ? 1 : 0;
}
