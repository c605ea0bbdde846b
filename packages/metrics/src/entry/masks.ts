/**
 * Two binary masks of any number of dimensions: overlap, agreement, volumes.
 *
 * @module
 */
export {
  dice,
  enhancedAlignmentMeasure,
  iou,
  precision,
  sensitivity,
  specificity,
  type MaskOptions,
} from '../mask-metrics.js';
export { countMasks } from '../count-masks.js';
export {
  evaluateMask,
  type EvaluateMaskOptions,
  type MaskDefinition,
  type MaskReport,
} from '../evaluate-mask.js';
export type { Counts, Overlap } from '../overlap.js';
export type { EmptyPolicy } from '../empty-policy.js';
export type { Foreground } from '../foreground.js';
export type { ArrayView, NumericArray } from '../array-view.js';
export type { MaskArray, PredictionArray } from '../inputs.js';
export { MetricsError, type MetricsErrorCode } from '../errors.js';
