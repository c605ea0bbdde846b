export { boundaryWeight } from './boundary-weight.js';
export type { ClassOptions } from './classes.js';
export { correntropyLoss } from './correntropy-loss.js';
export type { CorrentropyOptions } from './correntropy-loss.js';
export { crossEntropyLoss } from './cross-entropy-loss.js';
export { deepSupervisionLoss, deepSupervisionParts } from './deep-supervision-loss.js';
export type {
  DeepSupervisionOptions,
  DeepSupervisionParts,
  SupervisedMaps,
  SupervisedTargets,
} from './deep-supervision-loss.js';
export { diceLoss } from './dice-loss.js';
export { edgeLoss } from './edge-loss.js';
export { LossError } from './errors.js';
export type { LossErrorCode } from './errors.js';
export { generalisedDiceLoss } from './generalised-dice-loss.js';
export { maskedBceLoss } from './masked-bce-loss.js';
export { sigmoidBceLoss } from './sigmoid-bce-loss.js';
export { signedDistance } from './signed-distance.js';
export { structureLoss } from './structure-loss.js';
export { surfaceLoss } from './surface-loss.js';
export { weightedBceLoss } from './weighted-bce-loss.js';
export type { WeightedBceOptions, WeightedOptions } from './weighted-bce-loss.js';
export { weightedIouLoss } from './weighted-iou-loss.js';
