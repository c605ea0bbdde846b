import * as tf from '@tensorflow/tfjs-core';

/** The value of a loss and the gradient of the value with respect to its first argument. */
export interface ValueAndGradient {
  readonly value: tf.Scalar;
  /** Of the shape of the first argument. */
  readonly gradient: tf.Tensor4D;
}

/**
 * A scalar loss of `prediction` with a gradient in closed form. Both are computed at once, since they share nearly
 * everything; nothing inside is recorded, so only the gradient outlives the forward pass. Ground truth gets none.
 */
export function withGradient(prediction: tf.Tensor4D, compute: () => ValueAndGradient): tf.Scalar {
  const loss = tf.customGrad((...args: Array<tf.Tensor | tf.GradSaveFunc>) => {
    const { value, gradient } = compute();
    (args[1] as tf.GradSaveFunc)([gradient]);
    return { value, gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(saved[0]!, dy) };
  });
  return loss(prediction);
}
