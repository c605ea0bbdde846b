import type { DatasetSummary } from '../dataset-summary.js';
import type { ScoreName } from '../scores.js';

/** A column of a table of scores. */
export interface Column {
  readonly score: ScoreName;
  /** Never a bare measure: "Dice" alone does not say of what. */
  readonly heading: string;
  readonly latex: string;
  readonly meaning: string;
}

/** The paper's Table II, with the Dice that other papers mean beside it. */
export const TABLE_SCORES: readonly ScoreName[] = [
  'meanDice',
  'diceAtHalf',
  'meanSensitivity',
  'meanSpecificity',
  'structureMeasure',
  'meanEMeasure',
  'meanAbsoluteError',
];

const MEASURES: Readonly<Record<string, readonly [heading: string, latex: string, words: string]>> = {
  dice: ['Dice', '\\mathrm{Dice}', 'Dice'],
  iou: ['IoU', '\\mathrm{IoU}', 'intersection over union'],
  fBeta: ['F', 'F_\\beta', 'F-measure'],
  precision: ['Prec', '\\mathrm{Prec.}', 'precision'],
  sensitivity: ['Sens', '\\mathrm{Sen.}', 'sensitivity'],
  specificity: ['Spec', '\\mathrm{Spec.}', 'specificity'],
  accuracy: ['Acc', '\\mathrm{Acc.}', 'accuracy'],
  balancedAccuracy: ['BalAcc', '\\mathrm{BAcc.}', 'balanced accuracy'],
  mcc: ['MCC', '\\mathrm{MCC}', "Matthews' correlation coefficient"],
  kappa: ['Kappa', '\\kappa', "Cohen's kappa"],
  eMeasure: ['E', 'E_\\phi', 'E-measure'],
};

const SINGLE: Readonly<Record<string, readonly [heading: string, latex: string, words: string]>> = {
  structureMeasure: ['S-measure', '$S_\\alpha$', 'structure measure'],
  meanAbsoluteError: ['MAE', 'MAE', 'mean absolute error of the map'],
  brierScore: ['Brier', 'Brier', 'Brier score of the map'],
  expectedCalibrationError: ['ECE', 'ECE', 'expected calibration error of the map'],
  weightedF: ['weightedF', '$F_\\beta^{w}$', 'weighted F-measure'],
};

/**
 * Heading and meaning of a score, for tables.
 *
 * @example
 * ```ts
 * import { columnOf } from '@infnet/metrics/export';
 *
 * console.log(columnOf('diceAtHalf').heading); // Dice@0.5
 * console.log(columnOf('meanDice').meaning); // Dice, mean over all thresholds of the curve averaged over cases
 * ```
 */
export function columnOf(score: ScoreName): Column {
  const single = SINGLE[score];
  if (single)
    return { score, heading: single[0], latex: single[1], meaning: `${single[2]}, mean over cases` };
  const half = /^(\w+)AtHalf$/.exec(score);
  if (half) {
    const [heading, latex, words] = MEASURES[half[1]!]!;
    return {
      score,
      heading: `${heading}@0.5`,
      latex: `$${latex}@0.5$`,
      meaning: `${words} of the map cut at 0.5, mean over cases`,
    };
  }
  const [, way, capital] = /^(mean|max|adaptive)(\w+)$/.exec(score)!;
  const [heading, latex, words] = MEASURES[capital!.charAt(0).toLowerCase() + capital!.slice(1)]!;
  const ways: Readonly<Record<string, string>> = {
    mean: `${words}, mean over all thresholds of the curve averaged over cases`,
    max: `${words} at the best single threshold of the curve averaged over cases`,
    adaptive: `${words} of the map cut at min(2 x its mean, 1), mean over cases`,
  };
  return {
    score,
    heading: `${way === 'adaptive' ? 'adapt' : way!}${heading}`,
    latex: `$${latex}^{\\mathrm{${way!}}}$`,
    meaning: ways[way!]!,
  };
}

/** The mean of a score over the cases; NaN where no case defines it, or where it was not measured. */
export function valueOf({ scores }: Pick<DatasetSummary, 'scores'>, score: ScoreName): number {
  return scores[score]?.value ?? NaN;
}
