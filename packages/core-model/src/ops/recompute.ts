import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from './with-gradient.js';

/** Whether a block is computed for its result, or a second time on the way back for its gradient. */
export type Pass = 'forward' | 'recompute';

/**
 * Gradient checkpointing (Chen et al. 2016): keeps only the inputs of `block` and computes its inside again in the
 * backward pass. Costs one more forward pass, saves all of the block's intermediate tensors; it is what lets a
 * large batch fit the 4 GiB of a WebAssembly heap.
 *
 * @param inputs the tensors that `block` is called with.
 * @param variables the variables that `block` reads; they must not change between forward and backward.
 * @param block a pure function of both; what it must do once only (running statistics) it does when `pass` is
 *   `'forward'`.
 */
export function recompute<T extends tf.Tensor>(
  inputs: readonly tf.Tensor[],
  variables: readonly tf.Variable[],
  block: (inputs: tf.Tensor[], pass: Pass) => T,
): T {
  return withGradient([...inputs, ...variables], () => ({
    value: block([...inputs], 'forward'),
    saved: inputs,
    backward: (dy, saved) =>
      keepingOuterTape(() => {
        const again = tf.grads((...args: tf.Tensor[]) => block(args.slice(0, saved.length), 'recompute'));
        return again([...saved, ...variables], dy);
      }),
  }));
}

/** A nested `tf.grads` drops the tape that the engine is walking; the outer walk still needs it to free its tensors. */
function keepingOuterTape<T>(run: () => T): T {
  const { state } = tf.engine();
  const tape = state.activeTape;
  try {
    return run();
  } finally {
    state.activeTape = tape;
  }
}
