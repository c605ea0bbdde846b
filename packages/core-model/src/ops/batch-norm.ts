import * as tf from '@tensorflow/tfjs-core';
import { channelAffine, channelMean } from './channel-affine.js';
import { withGradient } from './with-gradient.js';

/** PyTorch's epsilon, in every batch norm of the reference. */
export const BATCH_NORM_EPSILON = 1e-5;

/** Mean and biased variance of each channel, [C] both. */
export interface ChannelStatistics {
  readonly mean: tf.Tensor1D;
  readonly variance: tf.Tensor1D;
}

export interface BatchNormOptions {
  /** Statistics to normalise by (the running ones); left out: those of the batch itself. */
  readonly statistics?: ChannelStatistics;
  /** ReLU after the normalisation. */
  readonly relu?: boolean;
  /** Told the statistics of the batch, while they live; called in the forward pass only. */
  readonly onStatistics?: (statistics: ChannelStatistics, count: number) => void;
}

/**
 * Batch normalisation, `gamma * (x - mean) / sqrt(variance + 1e-5) + beta`, with its closed-form gradient for x,
 * gamma and beta. With batch statistics the gradient runs through mean and variance (Ioffe and Szegedy 2015); with
 * given ones it does not.
 *
 * @param x [B,H,W,C]
 * @param gamma [C]
 * @param beta [C]
 */
export function batchNorm(
  x: tf.Tensor4D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  { statistics, relu = false, onStatistics }: BatchNormOptions = {},
): tf.Tensor4D {
  const [batch, height, width] = x.shape;
  const count = batch * height * width;
  return withGradient([x, gamma, beta], () => {
    const { mean, variance } = statistics ?? batchStatistics(x);
    if (!statistics) onStatistics?.({ mean, variance }, count);
    const inverseDeviation = tf.rsqrt(tf.add(variance, BATCH_NORM_EPSILON)) as tf.Tensor1D;
    const scale = tf.mul(gamma, inverseDeviation) as tf.Tensor1D;
    const shift = tf.sub(beta, tf.mul(mean, scale)) as tf.Tensor1D;
    const y = channelAffine(x, scale, shift, relu ? 'relu' : 'linear');
    return {
      value: y,
      saved: [x, mean, inverseDeviation, scale, ...(relu ? [y] : [])],
      backward: (dy, saved) => gradients(dy, saved, count, statistics === undefined),
    };
  });
}

function batchStatistics(x: tf.Tensor4D): ChannelStatistics {
  const mean = channelMean(x);
  const centred = channelAffine(x, tf.onesLike(mean), tf.neg(mean)); // [B,H,W,C]
  return { mean, variance: channelMean(tf.square(centred)) };
}

function gradients(
  dy: tf.Tensor4D,
  saved: readonly tf.Tensor[],
  count: number,
  throughStatistics: boolean,
): tf.Tensor[] {
  const [x, mean, inverseDeviation, scale, y] = saved as [
    tf.Tensor4D,
    tf.Tensor1D,
    tf.Tensor1D,
    tf.Tensor1D,
    tf.Tensor4D?,
  ];
  const d = y === undefined ? dy : (tf.mul(dy, tf.step(y)) as tf.Tensor4D); // [B,H,W,C]
  const normalised = channelAffine(x, inverseDeviation, tf.neg(tf.mul(mean, inverseDeviation)));
  const meanD = channelMean(d); // [C]
  const meanDNormalised = channelMean(tf.mul(d, normalised)); // [C]
  const dGamma = tf.mul(meanDNormalised, count);
  const dBeta = tf.mul(meanD, count);
  if (!throughStatistics) return [channelAffine(d, scale), dGamma, dBeta];
  const dx = tf.add(
    channelAffine(d, scale, tf.neg(tf.mul(scale, meanD))),
    channelAffine(normalised, tf.neg(tf.mul(scale, meanDNormalised))),
  );
  return [dx, dGamma, dBeta];
}
