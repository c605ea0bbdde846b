import type { DatasetSummary, ScoreName } from '@infnet/metrics';

/** A column of the table: which score, under which heading, and whether more is better. */
export interface Column {
  readonly score: ScoreName;
  readonly heading: string;
  readonly meaning: string;
  readonly best: 'high' | 'low';
}

/** No heading is a bare measure: "Dice" alone does not say of what. */
export const COLUMNS: readonly Column[] = [
  { score: 'meanDice', heading: 'meanDice', meaning: 'Dice, mean over all thresholds', best: 'high' },
  { score: 'diceAtHalf', heading: 'Dice@0.5', meaning: 'Dice of the map cut at 0.5', best: 'high' },
  { score: 'maxDice', heading: 'maxDice', meaning: 'Dice at the best single threshold', best: 'high' },
  {
    score: 'meanSensitivity',
    heading: 'meanSens',
    meaning: 'sensitivity, mean over all thresholds',
    best: 'high',
  },
  {
    score: 'meanSpecificity',
    heading: 'meanSpec',
    meaning: 'specificity, mean over all thresholds',
    best: 'high',
  },
  { score: 'structureMeasure', heading: 'S-measure', meaning: 'structure measure', best: 'high' },
  { score: 'meanEMeasure', heading: 'meanE', meaning: 'E-measure, mean over all thresholds', best: 'high' },
  { score: 'meanAbsoluteError', heading: 'MAE', meaning: 'mean absolute error of the map', best: 'low' },
];

/** The mean of a score over the cases; NaN where no case defines it. */
export function valueOf(summary: DatasetSummary, score: ScoreName): number {
  return summary.scores[score]?.value ?? NaN;
}

/** What the numbers mean, in one line. */
export function protocolLine({ definition }: DatasetSummary): string {
  const map = definition.stretch === 'min-max' ? 'each map stretched to 0..1' : 'maps as they are';
  const { protocol, thresholds, thresholdRule, empty } = definition;
  return `protocol ${protocol}: ${map}, ${thresholds.length} thresholds (${thresholdRule}), empty masks: ${empty}`;
}
