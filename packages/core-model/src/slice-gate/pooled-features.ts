import * as tf from '@tensorflow/tfjs-core';
import type { BackboneChannels, BackboneFeatures } from '../backbones/backbone.js';
import { concatChannels, globalAveragePool } from '../ops/index.js';

/**
 * Whole slices as vectors: mean and maximum over all pixels of each channel of f3, f4 and f5. The maximum tells of a small
 * lesion, which the mean would drown. No gradient goes through it.
 *
 * @returns [B,1,1,2C], C = channels of f3, f4 and f5 together
 */
export function poolFeatures({ f3, f4, f5 }: BackboneFeatures): tf.Tensor4D {
  const maximum = (x: tf.Tensor4D): tf.Tensor4D => tf.max(x, [1, 2], true); // [B,1,1,C]
  return tf.tidy(() => concatChannels([f3, f4, f5].flatMap((f) => [globalAveragePool(f), maximum(f)])));
}

/** Length of the vectors of {@link poolFeatures}. */
export function pooledLength({ f3, f4, f5 }: BackboneChannels): number {
  return 2 * (f3 + f4 + f5);
}
