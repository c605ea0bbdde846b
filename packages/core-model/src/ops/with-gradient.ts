import * as tf from '@tensorflow/tfjs-core';

/** What a forward pass hands over: its result, what the backward pass needs, and the backward pass itself. */
export interface Differentiable<T extends tf.Tensor> {
  readonly value: T;
  /** Tensors to keep until the backward pass; everything else is freed when the forward pass ends. */
  readonly saved: readonly tf.Tensor[];
  /** From the gradient of the result (and `saved`) to the gradient of each input, in the inputs' order. */
  readonly backward: (dy: T, saved: readonly tf.Tensor[]) => tf.Tensor[];
}

/**
 * Runs `forward` as one differentiable op of `inputs`: nothing inside it is recorded, its intermediate tensors
 * are freed at once, and its gradient is the one it brings along. A typed face for `tf.customGrad`, which also
 * tidies the backward pass (tfjs keeps every tensor made there until the whole tape has been walked).
 */
export function withGradient<T extends tf.Tensor>(
  inputs: readonly tf.Tensor[],
  forward: () => Differentiable<T>,
): T {
  const op = tf.customGrad((...args: Array<tf.Tensor | tf.GradSaveFunc>) => {
    const save = args[args.length - 1] as tf.GradSaveFunc;
    const { value, saved, backward } = forward();
    save([...saved]);
    return { value, gradFunc: (dy: tf.Tensor, kept: tf.Tensor[]) => tf.tidy(() => backward(dy as T, kept)) };
  });
  return op(...inputs);
}
