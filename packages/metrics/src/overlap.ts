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

/** Ratios in 0..1 of one binary prediction. Sensitivity is also known as recall. */
export interface Overlap {
  readonly dice: number;
  readonly iou: number;
  readonly fBeta: number;
  readonly precision: number;
  readonly sensitivity: number;
  readonly specificity: number;
}

/**
 * Dice, IoU, F, precision, sensitivity and specificity from counts.
 *
 * Without a true positive in a non-empty ground truth all but specificity are 0. What is 0 / 0 follows the
 * {@link EmptyPolicy}; under `'reference'` specificity is 0 too when nothing was hit, as in the released code.
 */
export function overlap(counts: Counts, empty: EmptyPolicy): Overlap {
  const { truePositives, predicted, foreground } = counts;
  const positives = foreground === 0 && empty !== 'reference' ? whenUndefined(empty, predicted === 0) : 0;
  const specificity = specificityOf(counts, empty);
  if (truePositives === 0) {
    return {
      dice: positives,
      iou: positives,
      fBeta: positives,
      precision: positives,
      sensitivity: positives,
      specificity,
    };
  }
  const precision = truePositives / predicted;
  const sensitivity = truePositives / foreground;
  return {
    dice: (2 * truePositives) / (foreground + predicted),
    iou: truePositives / (predicted + foreground - truePositives),
    fBeta: ((1 + F_BETA_SQUARED) * precision * sensitivity) / (F_BETA_SQUARED * precision + sensitivity),
    precision,
    sensitivity,
    specificity,
  };
}

function specificityOf({ truePositives, predicted, foreground, pixels }: Counts, empty: EmptyPolicy): number {
  if (empty === 'reference' && truePositives === 0) return 0;
  const background = pixels - foreground;
  if (background === 0) return empty === 'reference' ? NaN : whenUndefined(empty, predicted === pixels);
  return (background - (predicted - truePositives)) / background;
}

function whenUndefined(empty: EmptyPolicy, agrees: boolean): number {
  if (empty === 'nan') return NaN;
  return agrees ? 1 : 0;
}
