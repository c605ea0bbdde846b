/**
 * Surfaces of two masks, 2-D and 3-D with spacing: Hausdorff distance and its three 95 % variants, average surface
 * distance, normalised surface Dice, boundary IoU.
 *
 * @module
 */
export {
  evaluateBoundary,
  type BoundaryReport,
  type BoundaryReportDefinition,
  type EvaluateBoundaryOptions,
} from '../boundary/evaluate-boundary.js';
export {
  averageSymmetricSurfaceDistance,
  hausdorffDistance,
  normalizedSurfaceDice,
  robustHausdorffDistance,
  type HausdorffDefinition,
  type SurfaceKind,
} from '../boundary/surface-metrics.js';
export { boundaryIou } from '../boundary/boundary-iou.js';
export { distanceTransform } from '../boundary/distance-map.js';
export type {
  BoundaryDefinition,
  BoundaryEmptyPolicy,
  BoundaryOptions,
} from '../boundary/boundary-options.js';
export type { GridOptions } from '../grid.js';
export type { Foreground } from '../foreground.js';
export type { ArrayView, NumericArray } from '../array-view.js';
export type { MaskArray, PredictionArray, Shape } from '../inputs.js';
export { MetricsError, type MetricsErrorCode } from '../errors.js';
