import * as tf from '@tensorflow/tfjs';
import type { SegmentationNetwork } from '../../src/index.js';

/** Cross entropy of logits, where they are as many as the mask's channels or one mask serves all. */
function crossEntropy(logits: tf.Tensor4D, mask: tf.Tensor4D): tf.Scalar {
  return tf.mean(tf.sub(tf.softplus(logits), tf.mul(logits, mask))) as tf.Scalar;
}

/** Trains on one batch, all maps against one mask, and says the loss before the first and after the last step. */
export async function overfit(
  model: SegmentationNetwork,
  images: tf.Tensor4D,
  mask: tf.Tensor4D,
  { steps = 30, learningRate = 1e-2 }: { readonly steps?: number; readonly learningRate?: number } = {},
): Promise<{ first: number; last: number }> {
  const variables = [...model.parameters().values()];
  const optimiser = tf.train.adam(learningRate);
  const losses: number[] = [];
  for (let step = 0; step <= steps; step++) {
    const { value, grads } = tf.variableGrads(() => {
      const outputs = model.forward(images, { training: true });
      return tf.addN(model.outputs.map((name) => crossEntropy(outputs[name]!, mask))).asScalar();
    }, variables);
    losses.push((await value.data())[0]!);
    optimiser.applyGradients(grads as Parameters<typeof optimiser.applyGradients>[0]);
    tf.dispose([value, Object.values(grads)]);
  }
  optimiser.dispose();
  return { first: losses[0]!, last: losses.at(-1)! };
}
