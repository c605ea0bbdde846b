import { isBetterHigh, type DatasetSummary, type ScoreName } from '@infnet/metrics';
import { columnOf, type Column } from '@infnet/metrics/export';

/** Scores of the table: the paper's Table II, with the Dice that other papers mean, and the best one, beside it. */
const SCORES: readonly ScoreName[] = [
  'meanDice',
  'diceAtHalf',
  'maxDice',
  'meanSensitivity',
  'meanSpecificity',
  'structureMeasure',
  'meanEMeasure',
  'meanAbsoluteError',
];

/** The columns of the table. */
export const COLUMNS: readonly Column[] = SCORES.map(columnOf);

/** The mean of a score over the cases; NaN where no case defines it. */
export function valueOf(summary: Pick<DatasetSummary, 'scores'>, score: ScoreName): number {
  return summary.scores[score]?.value ?? NaN;
}

/** Whether the value is the best of several. */
export function isBest(score: ScoreName, value: number, values: readonly number[]): boolean {
  const defined = values.filter((other) => !Number.isNaN(other));
  const best = isBetterHigh(score) ? Math.max(...defined) : Math.min(...defined);
  return defined.length > 1 && value === best;
}
