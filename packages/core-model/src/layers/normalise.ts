import * as tf from '@tensorflow/tfjs-core';
import { BATCH_NORM_EPSILON, batchNorm, type ChannelStatistics } from '../ops/index.js';
import type { ForwardContext } from './context.js';
import type { NormParameters } from './parameter-store.js';

/** PyTorch's momentum: `running = 0.9 * running + 0.1 * batch`. */
const MOMENTUM = 0.1;

/** Batch norm, then ReLU if asked, by the batch or by the running statistics as the context says; [B,H,W,C] to the same. */
export function normalise(
  x: tf.Tensor4D,
  norm: NormParameters,
  context: ForwardContext,
  relu: boolean,
): tf.Tensor4D {
  const { gamma, beta, runningMean, runningVariance } = norm;
  if (!context.training) {
    const statistics = { mean: runningMean, variance: runningVariance };
    return batchNorm(x, gamma, beta, { statistics, relu });
  }
  return batchNorm(x, gamma, beta, {
    relu,
    sharedBatch: context.sharedBatch,
    onStatistics: (statistics, count) => {
      if (context.updateStatistics) moveStatistics(norm, statistics, count);
    },
  });
}

/** Batch norm at its running statistics as `scale * x + shift`, [C] both. */
export function foldedNorm({ gamma, beta, runningMean, runningVariance }: NormParameters): {
  scale: tf.Tensor1D;
  shift: tf.Tensor1D;
} {
  const scale = tf.mul(gamma, tf.rsqrt(tf.add(runningVariance, BATCH_NORM_EPSILON))) as tf.Tensor1D;
  return { scale, shift: tf.sub(beta, tf.mul(runningMean, scale)) };
}

function moveStatistics(
  { runningMean, runningVariance, counter }: NormParameters,
  { mean, variance }: ChannelStatistics,
  count: number,
): void {
  const unbiased = tf.mul(variance, count / Math.max(1, count - 1)) as tf.Tensor1D;
  const towards = (running: tf.Tensor1D, batch: tf.Tensor1D): tf.Tensor1D =>
    tf.add(tf.mul(running, 1 - MOMENTUM), tf.mul(batch, MOMENTUM));
  runningMean.assign(towards(runningMean, mean));
  runningVariance.assign(towards(runningVariance, unbiased));
  counter.count++;
}
