/**
 * Data sets of maps, and of any numbers per case: means that say what they cover, whose parts can be merged.
 *
 * @module
 */
export { DatasetEvaluator, type DatasetOptions } from '../dataset-evaluator.js';
export type { CaseRow, DatasetSummary, MeanCurve, MeanScore } from '../dataset-summary.js';
export type { DatasetState } from '../dataset-state.js';
export {
  MeasureTable,
  type MeasureRow,
  type MeasureSummary,
  type MeasureTableState,
} from '../measure-table.js';
export { pooledPrecisionRecall, pooledReliability, pooledRoc, type PooledCurve } from '../pooled-curves.js';
export type { Pooled, PooledCounts } from '../pooled-counts.js';
export type { RunningMeanState } from '../running-mean.js';
export type { CaseMean, RunningMomentsState } from '../running-moments.js';
export type { ReliabilityPoint } from '../calibration.js';
export { isBetterHigh } from '../score-direction.js';
export { worstCases, type WorstCasesOptions } from '../worst-cases.js';
