import * as tf from '@tensorflow/tfjs-core';
import {
  BATCH_NORM_EPSILON,
  batchNorm,
  type ChannelStatistics,
  conv2d,
  type ConvGeometry,
  fusedConv2d,
} from '../ops/index.js';
import type { ForwardContext } from './context.js';
import type { NormParameters } from './parameter-store.js';

/** PyTorch's momentum: `running = 0.9 * running + 0.1 * batch`. */
const MOMENTUM = 0.1;

export interface ConvNormOptions {
  readonly relu?: boolean;
  /** Multiplied onto the convolution's output before the normalisation, [B,H',W',1]. */
  readonly gate?: tf.Tensor4D;
}

/** Convolution and batch norm folded into one convolution with bias. */
interface Folded {
  readonly kernel: tf.Tensor4D;
  readonly bias: tf.Tensor1D;
}

/**
 * Convolution without bias, batch norm, and a ReLU where asked: the unit that all of Inf-Net is made of (the
 * reference's `BasicConv2d`, whose own ReLU is never applied). After `fold()` it is a single convolution.
 */
export class ConvNorm {
  readonly kernel: tf.Variable<tf.Rank.R4>;
  readonly norm: NormParameters;
  readonly geometry: ConvGeometry;
  #folded: Folded | undefined;
  #groups: Folded[] | undefined;

  constructor(kernel: tf.Variable<tf.Rank.R4>, norm: NormParameters, geometry: ConvGeometry = {}) {
    this.kernel = kernel;
    this.norm = norm;
    this.geometry = geometry;
  }

  /** [B,H,W,C] to [B,H',W',D] */
  forward(
    x: tf.Tensor4D,
    context: ForwardContext,
    { relu = false, gate }: ConvNormOptions = {},
  ): tf.Tensor4D {
    if (this.#folded) return applyFolded(x, this.#folded, this.geometry, relu, gate);
    const z = conv2d(x, this.kernel, this.geometry); // [B,H',W',D]
    const gated = gate ? (tf.mul(z, gate) as tf.Tensor4D) : z;
    const { gamma, beta, runningMean, runningVariance } = this.norm;
    if (!context.training) {
      const statistics = { mean: runningMean, variance: runningVariance };
      return batchNorm(gated, gamma, beta, { statistics, relu });
    }
    return batchNorm(gated, gamma, beta, {
      relu,
      onStatistics: (statistics, count) => {
        if (context.updateStatistics) this.#move(statistics, count);
      },
    });
  }

  /** The output with ReLU in `groups` equal groups of channels, computed apart when folded: slicing is slower than that. */
  forwardGroups(x: tf.Tensor4D, groups: number): tf.Tensor4D[] | undefined {
    if (!this.#folded) return undefined;
    this.#groups ??= splitFolded(this.#folded, groups);
    return this.#groups.map((group) => applyFolded(x, group, this.geometry, true));
  }

  /** Folds the batch norm, at its running statistics, into the kernel; from here on there is no gradient. */
  fold(): void {
    const { gamma, beta, runningMean, runningVariance } = this.norm;
    this.#folded = tf.tidy(() => {
      const scale = tf.mul(gamma, tf.rsqrt(tf.add(runningVariance, BATCH_NORM_EPSILON))); // [D]
      const kernel = tf.keep(tf.mul(this.kernel, scale) as tf.Tensor4D);
      const bias = tf.keep(tf.sub(beta, tf.mul(runningMean, scale)) as tf.Tensor1D);
      return { kernel, bias };
    });
  }

  /** Frees what `fold()` made; the variables belong to the store. */
  dispose(): void {
    for (const part of [this.#folded, ...(this.#groups ?? [])])
      tf.dispose([part?.kernel, part?.bias].filter(Boolean));
    this.#folded = undefined;
    this.#groups = undefined;
  }

  #move({ mean, variance }: ChannelStatistics, count: number): void {
    const { runningMean, runningVariance, counter } = this.norm;
    const unbiased = tf.mul(variance, count / Math.max(1, count - 1)) as tf.Tensor1D;
    const towards = (running: tf.Tensor1D, batch: tf.Tensor1D): tf.Tensor1D =>
      tf.add(tf.mul(running, 1 - MOMENTUM), tf.mul(batch, MOMENTUM));
    runningMean.assign(towards(runningMean, mean));
    runningVariance.assign(towards(runningVariance, unbiased));
    counter.count++;
  }
}

function applyFolded(
  x: tf.Tensor4D,
  { kernel, bias }: Folded,
  geometry: ConvGeometry,
  relu: boolean,
  gate?: tf.Tensor4D,
): tf.Tensor4D {
  if (!gate) return fusedConv2d(x, kernel, bias, geometry, relu ? 'relu' : 'linear');
  const gated = tf.add(tf.mul(conv2d(x, kernel, geometry), gate), bias) as tf.Tensor4D;
  return relu ? tf.relu(gated) : gated;
}

function splitFolded({ kernel, bias }: Folded, groups: number): Folded[] {
  const count = bias.size / groups;
  return Array.from({ length: groups }, (_, i) => ({
    kernel: tf.keep(tf.slice4d(kernel, [0, 0, 0, i * count], [-1, -1, -1, count])),
    bias: tf.keep(tf.slice1d(bias, i * count, count)),
  }));
}
