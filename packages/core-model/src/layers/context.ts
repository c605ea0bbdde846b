import * as tf from '@tensorflow/tfjs-core';
import { recompute, type SharedBatch } from '../ops/index.js';

/** How a forward pass is run; handed from the network down to every layer. */
export interface ForwardContext {
  /** Batch norm normalises by the batch and moves its running statistics; otherwise by the running statistics. */
  readonly training: boolean;
  /** Blocks keep their inputs only and compute themselves again for the gradient: less memory, one more forward pass. */
  readonly recompute: boolean;
  /** False where a block is computed a second time: running statistics have moved already. */
  readonly updateStatistics: boolean;
  /** The images are a part of this batch; batch norm in training goes by all of it. */
  readonly sharedBatch?: SharedBatch | undefined;
}

/** Runs one block of the network: its intermediate tensors are freed at its end, and recomputed if the context says so. */
export function runBlock(
  context: ForwardContext,
  inputs: readonly tf.Tensor4D[],
  variables: readonly tf.Variable[],
  block: (inputs: tf.Tensor4D[], context: ForwardContext) => tf.Tensor4D,
): tf.Tensor4D {
  if (!context.recompute) return tf.tidy(() => block([...inputs], context));
  return recompute(inputs, variables, (xs, pass) =>
    block(xs as tf.Tensor4D[], {
      ...context,
      recompute: false,
      updateStatistics: context.updateStatistics && pass === 'forward',
    }),
  );
}
