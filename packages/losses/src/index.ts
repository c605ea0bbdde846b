export { boundaryWeight } from './boundary-weight.js';
export { deepSupervisionLoss, deepSupervisionParts } from './deep-supervision-loss.js';
export type {
  DeepSupervisionOptions,
  DeepSupervisionParts,
  SupervisedMaps,
  SupervisedTargets,
} from './deep-supervision-loss.js';
export { edgeLoss } from './edge-loss.js';
export { LossError } from './errors.js';
export type { LossErrorCode } from './errors.js';
export { structureLoss } from './structure-loss.js';
export { weightedBceLoss } from './weighted-bce-loss.js';
export type { WeightedBceOptions, WeightedOptions } from './weighted-bce-loss.js';
export { weightedIouLoss } from './weighted-iou-loss.js';
