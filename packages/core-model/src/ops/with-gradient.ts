import * as tf from '@tensorflow/tfjs-core';

/** What a forward pass hands over: its result, what the backward pass needs, and the backward pass itself. */
export interface Differentiable<T extends tf.Tensor> {
  readonly value: T;
  /** Tensors to keep until the backward pass; everything else is freed when the forward pass ends. */
  readonly saved: readonly tf.Tensor[];
  /** From the gradient of the result (and `saved`) to the gradient of each input, in the inputs' order. */
  readonly backward: (dy: T, saved: readonly tf.Tensor[]) => tf.Tensor[];
}

/** Gradients that the ops below made, and that nobody outside has seen: free to go once they have been passed on. */
const passing = new WeakSet<tf.Tensor>();

/**
 * Runs `forward` as one differentiable op of `inputs`: nothing inside it is recorded, its intermediate tensors
 * are freed at once, and its gradient is the one it brings along. A typed face for `tf.customGrad`, which frees much
 * that TensorFlow.js holds until the whole tape has been walked: the tensors made in the backward pass, the saved ones as
 * soon as they were used, and the gradient of the result if another of these ops made it.
 *
 * What is saved shares its memory with the tensor it is of (TensorFlow.js's own `save` clones, which on wasm is a copy).
 */
export function withGradient<T extends tf.Tensor>(
  inputs: readonly tf.Tensor[],
  forward: () => Differentiable<T>,
): T {
  const { state } = tf.engine();
  const recorded = state.gradientDepth > 0 && state.kernelDepth === 0;
  let kept: tf.Tensor[] = [];
  const op = tf.customGrad(() => {
    const { value, saved, backward } = forward();
    if (recorded) kept = saved.map((tensor) => tf.keep(share(tensor)));
    return {
      value,
      gradFunc: (dy: tf.Tensor) => {
        const gradients = tf.tidy(() => distinct(dy, backward(dy as T, kept)));
        tf.dispose(kept);
        if (passing.has(dy)) dy.dispose();
        for (const gradient of gradients) passing.add(gradient);
        return gradients;
      },
    };
  });
  const value = op(...inputs) as T;
  // TensorFlow.js frees what its tape says is saved: here for ops that no gradient came through.
  if (recorded) state.activeTape.at(-1)!.saved = kept;
  return value;
}

/** Another handle on the same memory. */
function share(tensor: tf.Tensor): tf.Tensor {
  return tf.reshape(tensor, tensor.shape);
}

/** Each gradient in a handle of its own, which may be freed without a thought for the others and `dy`. */
function distinct(dy: tf.Tensor, gradients: readonly tf.Tensor[]): tf.Tensor[] {
  const seen = new Set([dy]);
  return gradients.map((gradient) => {
    if (seen.has(gradient)) return share(gradient);
    seen.add(gradient);
    return gradient;
  });
}
