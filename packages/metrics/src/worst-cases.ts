import type { CaseRow, DatasetSummary } from './dataset-summary.js';
import { MetricsError } from './errors.js';
import { numberIn } from './number-in.js';
import { isBetterHigh } from './score-direction.js';
import { SCORE_NAMES, type ScoreName } from './scores.js';

/** Which cases, and how many. */
export interface WorstCasesOptions {
  /** Default `'diceAtHalf'`. */
  readonly score?: ScoreName;
  /** Default 10. */
  readonly limit?: number;
}

/**
 * The cases that a system does worst on, worst first. Cases in which the score is not defined are left out; equal ones
 * keep the order in which they were added.
 *
 * @throws MetricsError `invalid-option`
 *
 * @example
 * ```ts
 * import { DatasetEvaluator, worstCases } from '@infnet/metrics';
 *
 * const evaluator = new DatasetEvaluator();
 * const truth = Uint8Array.of(1, 1, 0, 0);
 * evaluator.add('good', Float32Array.of(0.9, 0.8, 0.1, 0), truth, { width: 2, height: 2 });
 * evaluator.add('bad', Float32Array.of(0.2, 0.1, 0.9, 0), truth, { width: 2, height: 2 });
 * console.log(worstCases(evaluator.summary(), { limit: 1 })[0].id); // bad
 * ```
 */
export function worstCases(
  { rows }: Pick<DatasetSummary, 'rows'>,
  { score = 'diceAtHalf', limit = 10 }: WorstCasesOptions = {},
): CaseRow[] {
  if (!SCORE_NAMES.includes(score)) {
    throw new MetricsError(
      'invalid-option',
      `score is ${JSON.stringify(score)}`,
      'choose one of SCORE_NAMES',
    );
  }
  numberIn('limit', limit, 0, Infinity, 'whole number');
  const direction = isBetterHigh(score) ? 1 : -1;
  return rows
    .filter(({ scores }) => scores[score] !== undefined && !Number.isNaN(scores[score]))
    .toSorted((a, b) => direction * (a.scores[score]! - b.scores[score]!))
    .slice(0, limit);
}
