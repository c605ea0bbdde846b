import * as tf from '@tensorflow/tfjs-core';
import {
  channelMoments,
  gradientMoments,
  hasKernels,
  normInputGradient,
  type NormTerms,
} from '../kernels/index.js';
import { channelAffine, channelMean } from './channel-affine.js';
import { sharedMeans, sharedStatistics, type SharedBatch } from './shared-batch.js';
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
  /** `x` is a part of this batch, whose statistics are to be normalised by; left out: it is all of it. */
  readonly sharedBatch?: SharedBatch | undefined;
  /** Told the statistics of the batch, while they live, and how many values of each channel they are of; in the forward pass only. */
  readonly onStatistics?: (statistics: ChannelStatistics, count: number) => void;
}

/**
 * Batch normalisation, `gamma * (x - mean) / sqrt(variance + 1e-5) + beta`, with its closed-form gradient for x,
 * gamma and beta. With batch statistics the gradient runs through mean and variance (Ioffe and Szegedy 2015); with
 * given ones it does not. In a shared batch, the gradients for gamma and beta are this part's: those of the batch are the
 * sums over its parts, where `dy` is the gradient of one loss over all of them.
 *
 * @param x [B,H,W,C]
 * @param gamma [C]
 * @param beta [C]
 */
export function batchNorm(
  x: tf.Tensor4D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  { statistics, relu = false, sharedBatch, onStatistics }: BatchNormOptions = {},
): tf.Tensor4D {
  return withGradient([x, gamma, beta], () => {
    const { mean, variance } = statistics ?? batchStatistics(x, sharedBatch, onStatistics);
    const inverseDeviation = tf.rsqrt(tf.add(variance, BATCH_NORM_EPSILON)) as tf.Tensor1D;
    const scale = tf.mul(gamma, inverseDeviation) as tf.Tensor1D;
    const shift = tf.sub(beta, tf.mul(mean, scale)) as tf.Tensor1D;
    const y = channelAffine(x, scale, shift, relu ? 'relu' : 'linear');
    return {
      value: y,
      saved: [x, mean, inverseDeviation, scale, ...(relu ? [y] : [])],
      backward: (dy, saved) => gradients(dy, saved, statistics ? 'given' : (sharedBatch ?? 'own')),
    };
  });
}

function batchStatistics(
  x: tf.Tensor4D,
  sharedBatch: SharedBatch | undefined,
  tell: BatchNormOptions['onStatistics'],
): ChannelStatistics {
  const own = partStatistics(x);
  const { count, ...statistics } = sharedBatch
    ? sharedStatistics(own, valuesPerChannel(x), sharedBatch)
    : { ...own, count: valuesPerChannel(x) };
  tell?.(statistics, count);
  return statistics;
}

/** Statistics of a batch, or of the part of it that is here. */
function partStatistics(x: tf.Tensor4D): ChannelStatistics {
  if (hasKernels()) {
    const [mean, variance] = channelMoments(x);
    return { mean, variance };
  }
  const mean = channelMean(x);
  const centred = channelAffine(x, tf.onesLike(mean), tf.neg(mean)); // [B,H,W,C]
  return { mean, variance: channelMean(tf.square(centred)) };
}

function gradients(
  dy: tf.Tensor4D,
  saved: readonly tf.Tensor[],
  statistics: 'given' | 'own' | SharedBatch,
): tf.Tensor[] {
  const [x, mean, inverseDeviation, scale, y] = saved as [
    tf.Tensor4D,
    tf.Tensor1D,
    tf.Tensor1D,
    tf.Tensor1D,
    tf.Tensor4D?,
  ];
  const count = valuesPerChannel(x);
  const { means, inputGradient } = hasKernels()
    ? byKernels({ dy, y, x, mean }, inverseDeviation)
    : byOps({ dy, y, x, mean }, inverseDeviation);
  const [dBeta, dGamma] = means.map((ofPart) => tf.mul(ofPart, count)) as Means;
  if (statistics === 'given') return [inputGradient(scale), dGamma, dBeta];
  const [meanD, meanDNormalised] =
    statistics === 'own' ? means : (sharedMeans(means, count, statistics) as Means);
  const dx = inputGradient(scale, tf.neg(tf.mul(scale, meanDNormalised)), tf.neg(tf.mul(scale, meanD)));
  return [dx, dGamma, dBeta];
}

/** What both ways to the gradients give; d is the gradient before the ReLU. */
interface GradientParts {
  readonly means: Means;
  /** `ofGradient[c] * d + ofNormalised[c] * normalised + summand[c]`, or the first alone, [B,H,W,C]. */
  readonly inputGradient: (
    ofGradient: tf.Tensor1D,
    ofNormalised?: tf.Tensor1D,
    summand?: tf.Tensor1D,
  ) => tf.Tensor4D;
}

function byKernels(terms: NormTerms, inverseDeviation: tf.Tensor1D): GradientParts {
  const [meanD, meanDCentred] = gradientMoments(terms);
  const zeros = tf.zerosLike(inverseDeviation);
  return {
    means: [meanD, tf.mul(meanDCentred, inverseDeviation)],
    inputGradient: (ofGradient, ofNormalised = zeros, summand = zeros) =>
      normInputGradient(terms, ofGradient, tf.mul(ofNormalised, inverseDeviation), summand),
  };
}

function byOps({ dy, y, x, mean }: NormTerms, inverseDeviation: tf.Tensor1D): GradientParts {
  const d = y === undefined ? dy : (tf.mul(dy, tf.step(y)) as tf.Tensor4D); // [B,H,W,C]
  const normalised = channelAffine(x, inverseDeviation, tf.neg(tf.mul(mean, inverseDeviation)));
  return {
    means: [channelMean(d), channelMean(tf.mul(d, normalised))],
    inputGradient: (ofGradient, ofNormalised, summand) => {
      const ofD = channelAffine(d, ofGradient, summand);
      return ofNormalised ? tf.add(ofD, channelAffine(normalised, ofNormalised)) : ofD;
    },
  };
}

/** Of the gradient, and of its product with the normalised input, [C] both. */
type Means = [tf.Tensor1D, tf.Tensor1D];

function valuesPerChannel({ shape: [batch, height, width] }: tf.Tensor4D): number {
  return batch * height * width;
}
