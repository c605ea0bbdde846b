import * as tf from '@tensorflow/tfjs';
import { noise } from '../values.js';
import { require, requireBelow } from './case.js';

/** An op under test. */
export type Op = (...inputs: tf.Tensor[]) => tf.Tensor4D;

/**
 * Compares the gradient of `sum(op(x) * direction)` along a random step with central differences, for every input.
 * The step is large enough for float32 and the ops are (piecewise) linear or smooth, so 1 % is a tight bar.
 */
export async function requireGradients(op: Op, inputs: tf.Tensor[], tolerance = 1e-2): Promise<void> {
  const direction = noise(op(...inputs).shape, 99);
  const value = (xs: tf.Tensor[]): tf.Scalar => tf.sum(tf.mul(op(...xs), direction)) as tf.Scalar;
  const gradients = tf.grads((...xs: tf.Tensor[]) => value(xs))(inputs);
  for (const [i, input] of inputs.entries()) {
    const step = tf.mul(noise(input.shape, 7 + i), 1e-2);
    const moved = (sign: number): tf.Tensor[] =>
      inputs.map((x, j) => (j === i ? tf.add(x, tf.mul(step, sign)) : x));
    const [up] = await value(moved(1)).data();
    const [down] = await value(moved(-1)).data();
    const products = (await tf.mul(gradients[i]!, step).data()) as Float32Array;
    const along = products.reduce((sum, product) => sum + product, 0);
    const scale = Math.hypot(...products);
    require(scale > 0, `input ${i} has no gradient`);
    requireBelow(Math.abs((up! - down!) / 2 - along) / scale, tolerance, `gradient of input ${i}`);
  }
}
