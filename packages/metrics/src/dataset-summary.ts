import type { CurveName } from './curves.js';
import type { Definition } from './definition.js';
import type { Pooled } from './pooled-counts.js';
import type { CaseMean } from './running-moments.js';
import type { Scores, ScoreTable } from './scores.js';

/** The numbers of one case. */
export interface CaseRow {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** Foreground pixels of the ground truth. */
  readonly foreground: number;
  readonly scores: Scores;
  readonly warnings: readonly string[];
}

/** A mean over cases: how many it covers, and how many had no defined value and were left out. */
export interface MeanScore {
  readonly value: number;
  readonly n: number;
  readonly excluded: number;
}

/** A curve averaged over cases, threshold by threshold. Whether a case counts depends on its ground truth alone. */
export interface MeanCurve {
  readonly values: readonly number[];
  readonly n: number;
  readonly excluded: number;
}

/** Everything measured on a data set. Plain data: JSON.stringify turns NaN ("no value") into null. */
export interface DatasetSummary {
  readonly definition: Definition;
  /** Number of cases. */
  readonly cases: number;
  /** `meanDice` is the mean of the averaged curve and `maxDice` its maximum: the authors' aggregation. */
  readonly scores: ScoreTable<MeanScore>;
  /** The usual aggregation beside it: the mean, over cases, of each case's own number, with its standard deviation. */
  readonly caseScores: ScoreTable<CaseMean>;
  /** The third one: all pixels of all cases in one count. */
  readonly pooled: Pooled;
  readonly curves: Readonly<Record<CurveName, MeanCurve>>;
  /** Per-case rows in the order they were added; empty with `keepCases: false`. */
  readonly rows: readonly CaseRow[];
}
