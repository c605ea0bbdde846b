export { evaluateMap, type MapReport } from './evaluate-map.js';
export { DatasetEvaluator, type DatasetOptions } from './dataset-evaluator.js';
export type { CaseRow, DatasetSummary, MeanCurve, MeanScore } from './dataset-summary.js';
export type { DatasetState } from './dataset-state.js';
export {
  countMasks,
  dice,
  enhancedAlignmentMeasure,
  evaluateMask,
  iou,
  precision,
  sensitivity,
  specificity,
  type MaskOptions,
  type MaskReport,
} from './mask-metrics.js';
export { structureMeasure, type StructureMeasure, type StructureParts } from './structure-measure.js';
export { meanAbsoluteError } from './mean-absolute-error.js';
export { weightedFMeasure } from './weighted-f-measure.js';
export { CURVE_NAMES, type CurveName, type Curves, type Sweep } from './curves.js';
export { SCORE_NAMES, type CurveScoreName, type ScoreName, type Scores, type ScoreTable } from './scores.js';
export { type Comparison, type Definition, type MetricOptions, type ProtocolName } from './definition.js';
export type { EmptyPolicy } from './empty-policy.js';
export { thresholdsOf, type Thresholds } from './thresholds.js';
export type { Counts, Overlap } from './overlap.js';
export type { Foreground } from './foreground.js';
export type { MaskArray, PredictionArray, Shape } from './inputs.js';
export type { RunningMeanState } from './running-mean.js';
export { MetricsError, type MetricsErrorCode } from './errors.js';
export { VERSION } from './version.js';
