/**
 * Overlap of two binary masks of any number of dimensions: Dice, IoU, sensitivity, specificity, precision.
 *
 * @module
 */
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
} from '../mask-metrics.js';
export type { Counts, Overlap } from '../overlap.js';
export type { EmptyPolicy } from '../empty-policy.js';
export type { Foreground } from '../foreground.js';
export type { MaskArray } from '../inputs.js';
export { MetricsError, type MetricsErrorCode } from '../errors.js';
