import type { ModelName, ModelOptions } from '../../src/index.js';

/** Every network of `createModel` but Inf-Net as small as it gets, so that a step takes moments. */
export const SMALL_NETWORKS = {
  unet: { width: 1 / 8 },
  'unet++': { width: 1 / 8 },
  'attention-unet': { width: 1 / 8 },
  'gated-unet': { width: 1 },
  'dense-unet': { width: 1 / 8, blocks: [1, 2, 2, 1] },
  'multi-class-unet': { width: 1 / 16, classes: 3, prior: true },
  fcn8s: { width: 1 / 32, classes: 1 },
  'deeplabv3+': { width: 1 / 16, classes: 1, blocks: [1, 1, 2, 2], outputStride: 8 },
} as const satisfies { [Name in Exclude<ModelName, 'inf-net'>]: Partial<ModelOptions[Name]> };
