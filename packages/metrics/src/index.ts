/**
 * Everything at once; each sub-path holds one part of it.
 *
 * @module
 * @mergeModuleWith <project>
 */
export * from './entry/masks.js';
export * from './entry/curves.js';
export * from './entry/stats.js';
export { DatasetEvaluator, type DatasetOptions } from './dataset-evaluator.js';
export type { CaseRow, DatasetSummary, MeanCurve, MeanScore } from './dataset-summary.js';
export type { DatasetState } from './dataset-state.js';
export type { RunningMeanState } from './running-mean.js';
export { VERSION } from './version.js';
