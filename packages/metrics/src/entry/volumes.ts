/**
 * Data sets of volumes: slice by slice with the slices without infection apart, and every volume as a whole.
 *
 * @module
 */
export {
  VolumeEvaluator,
  type SliceShape,
  type VolumeOptions,
  type VolumeShape,
} from '../volume-evaluator.js';
export type { VolumesState } from '../volume-state.js';
export {
  VOLUME_MEASURES,
  type HealthySlices,
  type VolumeMeasure,
  type VolumesSummary,
} from '../volume-summary.js';
export type { Spacing, VolumeTally } from '../volume-tally.js';
export type { DatasetSummary } from '../dataset-summary.js';
export type { DatasetOptions } from '../dataset-evaluator.js';
export type { ArrayView, NumericArray } from '../array-view.js';
export type { MaskArray, PredictionArray, Shape } from '../inputs.js';
export { MetricsError, type MetricsErrorCode } from '../errors.js';
