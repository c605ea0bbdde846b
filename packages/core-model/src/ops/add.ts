import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from './with-gradient.js';

/** `a + b` of one shape, then ReLU if asked. Keeps no more for its gradient than the ReLU needs; tfjs's own keeps a and b. */
export function add(
  a: tf.Tensor4D,
  b: tf.Tensor4D,
  { relu = false }: { readonly relu?: boolean } = {},
): tf.Tensor4D {
  return withGradient([a, b], () => {
    const sum: tf.Tensor4D = tf.add(a, b);
    const y = relu ? tf.relu(sum) : sum;
    return {
      value: y,
      saved: relu ? [y] : [],
      backward: (dy, [kept]) => {
        const slope = kept === undefined ? dy : tf.mul(dy, tf.step(kept));
        return [slope, slope];
      },
    };
  });
}
