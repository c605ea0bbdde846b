import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from './with-gradient.js';

/**
 * Each pixel four times, [B,H,W,C] to [B,2H,2W,C]: PyTorch's `Upsample(scale_factor=2)`. The gradient adds the four up
 * again. (tfjs's own is wrong on cpu for more than one image.)
 */
export function upsampleNearest2x(x: tf.Tensor4D): tf.Tensor4D {
  const [, height, width] = x.shape;
  return withGradient([x], () => ({
    value: tf.image.resizeNearestNeighbor(x, [2 * height, 2 * width]),
    saved: [],
    backward: (dy) => [tf.mul(tf.avgPool(dy, 2, 2, 'valid'), 4)],
  }));
}
