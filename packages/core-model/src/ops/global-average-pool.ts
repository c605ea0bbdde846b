import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from './with-gradient.js';

/** Mean over all pixels of each image and channel, [B,H,W,C] to [B,1,1,C]. */
export function globalAveragePool(x: tf.Tensor4D): tf.Tensor4D {
  const [, height, width] = x.shape;
  return withGradient([x], () => ({
    value: tf.avgPool(x, [height, width], 1, 'valid'),
    saved: [],
    backward: (dy) => [tf.mul(dy, tf.fill([1, height, width, 1], 1 / (height * width)))],
  }));
}
