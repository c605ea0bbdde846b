/**
 * Masks lesion by lesion: connected components, detection, panoptic quality, FROC.
 *
 * @module
 */
export {
  evaluateLesions,
  type LesionDefinition,
  type LesionOptions,
  type LesionReport,
  type LesionRow,
} from '../lesions/evaluate-lesions.js';
export {
  connectedComponents,
  type Component,
  type ComponentOptions,
  type Components,
} from '../lesions/connected-components.js';
export type { Connectivity } from '../lesions/label-runs.js';
export {
  frocCurve,
  type FrocCandidate,
  type FrocCase,
  type FrocCurve,
  type FrocOptions,
} from '../lesions/froc.js';
export { lesionCandidates, type CandidateOptions } from '../lesions/lesion-candidates.js';
export type { GridOptions } from '../grid.js';
export type { Foreground } from '../foreground.js';
export type { ArrayView, NumericArray } from '../array-view.js';
export type { MaskArray, PredictionArray, Shape } from '../inputs.js';
export { MetricsError, type MetricsErrorCode } from '../errors.js';
