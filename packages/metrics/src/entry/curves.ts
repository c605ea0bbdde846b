/**
 * Soft maps against their ground truth: curves over thresholds, S-measure, E-measure, weighted F, mean absolute error,
 * ROC and precision-recall curves, calibration.
 *
 * @module
 */
export { evaluateMap, type MapReport } from '../evaluate-map.js';
export { evaluateAt, type CutReport } from '../evaluate-at.js';
export { evaluateTensor, readTensor, type TensorLike } from '../read-tensor.js';
export { structureMeasure, type StructureMeasure, type StructureParts } from '../structure-measure.js';
export { meanAbsoluteError } from '../mean-absolute-error.js';
export { weightedFMeasure } from '../weighted-f-measure.js';
export {
  precisionRecallCurve,
  rocCurve,
  type PrecisionRecallCurve,
  type RankingDefinition,
  type RocCurve,
} from '../ranking-curves.js';
export { calibration, type CalibrationReport, type ReliabilityPoint } from '../calibration.js';
export { CURVE_NAMES, type CurveName, type Curves, type Cut, type Sweep } from '../curves.js';
export { SCORE_NAMES, type CurveScoreName, type ScoreName, type Scores, type ScoreTable } from '../scores.js';
export { type Comparison, type Definition, type MetricOptions, type ProtocolName } from '../definition.js';
export type { Overlap } from '../overlap.js';
export type { EmptyPolicy } from '../empty-policy.js';
export { thresholdsOf, type Thresholds } from '../thresholds.js';
export type { Foreground } from '../foreground.js';
export type { ArrayView, NumericArray } from '../array-view.js';
export type { MaskArray, PredictionArray, Shape } from '../inputs.js';
export { MetricsError, type MetricsErrorCode } from '../errors.js';
