/**
 * Label maps of several classes: per class, macro, micro and weighted averages, generalised Dice.
 *
 * @module
 */
export {
  evaluateLabels,
  type ClassReport,
  type LabelDefinition,
  type LabelOptions,
  type LabelReport,
} from '../labels/evaluate-labels.js';
export type { ClassMean, ClassMeans, ClassOverlap, GeneralisedWeights } from '../labels/average.js';
export type { Label } from '../labels/label-set.js';
export type { Counts, Overlap } from '../overlap.js';
export type { EmptyPolicy } from '../empty-policy.js';
export type { ArrayView, NumericArray } from '../array-view.js';
export type { MaskArray, PredictionArray } from '../inputs.js';
export { MetricsError, type MetricsErrorCode } from '../errors.js';
