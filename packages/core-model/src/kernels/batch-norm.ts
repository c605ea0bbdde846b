import * as tf from '@tensorflow/tfjs-core';
import { asKernel } from './as-kernel.js';
import { kernels } from './instance.js';
import { addressOf, allocate, runJob } from './memory.js';

/** Numbers of four bytes that a double takes. */
const DOUBLE = 2;
const FLOAT_BYTES = 4;

/** Two values for each channel, [C] both. */
export type ChannelPair = readonly [tf.Tensor1D, tf.Tensor1D];

/** Mean and biased variance of each channel of [B,H,W,C], in two passes and double precision. */
export function channelMoments(x: tf.Tensor4D): ChannelPair {
  const channels = x.shape[3];
  return pairOf('InfnetChannelMoments', { x }, channels, (mean, variance) => {
    const sums = allocate([DOUBLE * channels]);
    kernels()!.moments(addressOf(x), x.size / channels, channels, addressOf(sums), mean, variance);
    tf.backend().disposeData(sums.dataId);
  });
}

/** What the gradients of a batch norm are made of. */
export interface NormTerms {
  /** The gradient of its output, [B,H,W,C]. */
  readonly dy: tf.Tensor4D;
  /** Its output, where a ReLU is behind it: the gradient passes where that is positive. */
  readonly y: tf.Tensor4D | undefined;
  /** Its input, and the means that it was centred by. */
  readonly x: tf.Tensor4D;
  readonly mean: tf.Tensor1D;
}

/** Means, for each channel, of the gradient before the ReLU and of its product with the centred input. */
export function gradientMoments(terms: NormTerms): ChannelPair {
  const channels = terms.x.shape[3];
  return pairOf('InfnetGradientMoments', inputsOf(terms), channels, (meanGradient, meanProduct) =>
    runJob(kernels()!.gradientMoments, { sums: 2 * DOUBLE * channels }, ({ sums }) => [
      ...numbersOf(terms),
      sums,
      meanGradient,
      meanProduct,
    ]),
  );
}

/** `ofGradient[c] * d + ofCentred[c] * (x - mean[c]) + summand[c]`, [B,H,W,C], where d is the gradient before the ReLU. */
export function normInputGradient(
  terms: NormTerms,
  ofGradient: tf.Tensor1D,
  ofCentred: tf.Tensor1D,
  summand: tf.Tensor1D,
): tf.Tensor4D {
  const factors = { ofGradient, ofCentred, summand };
  return asKernel('InfnetNormInputGradient', { ...inputsOf(terms), ...factors }, () => {
    const dx = allocate(terms.x.shape);
    runJob(kernels()!.normInputGradient, {}, () => [
      ...numbersOf(terms),
      0,
      0,
      0,
      ...Object.values(factors).map(addressOf),
      addressOf(dx),
    ]);
    return dx;
  });
}

/** The two rows of a tensor that `compute` fills, given their addresses. */
function pairOf(
  name: string,
  inputs: Readonly<Record<string, tf.Tensor | undefined>>,
  channels: number,
  compute: (first: number, second: number) => void,
): ChannelPair {
  const both = asKernel<tf.Rank.R2>(name, inputs, () => {
    const rows = allocate([2, channels]);
    compute(addressOf(rows), addressOf(rows) + FLOAT_BYTES * channels);
    return rows;
  });
  return tf.unstack(both) as [tf.Tensor1D, tf.Tensor1D];
}

function inputsOf({ dy, y, x, mean }: NormTerms): Readonly<Record<string, tf.Tensor | undefined>> {
  return { dy, y, x, mean };
}

/** The numbers with which each job begins. */
function numbersOf({ dy, y, x, mean }: NormTerms): readonly number[] {
  const channels = x.shape[3];
  return [addressOf(dy), addressOf(y), addressOf(x), addressOf(mean), x.size / channels, channels];
}
