import * as tf from '@tensorflow/tfjs-core';
import {
  addBias,
  concatChannels,
  conv2d,
  type ConvGeometry,
  fusedConv2d,
  splitChannels,
} from '../ops/index.js';
import type { ForwardContext } from './context.js';
import { foldedNorm, normalise } from './normalise.js';
import type { NormParameters } from './parameter-store.js';
import type { Unit } from './unit.js';

export interface ConvNormOptions {
  /** Zero-padding, stride and dilation of the convolution. */
  readonly geometry?: ConvGeometry;
  /** Added before the normalisation, [D]. */
  readonly bias?: tf.Variable<tf.Rank.R1>;
  /** `forwardGroups` gives the output in this many equal groups of channels. Default 1. */
  readonly groups?: number;
}

export interface ConvNormRun {
  readonly relu?: boolean;
  /** Multiplied onto the convolution's output, before bias and normalisation, [B,H',W',1]. */
  readonly gate?: tf.Tensor4D;
}

/** Convolution and batch norm folded into one convolution with bias. */
interface Folded {
  readonly kernel: tf.Tensor4D;
  readonly bias: tf.Tensor1D;
}

/**
 * Convolution, batch norm, and a ReLU where asked: the unit that all of Inf-Net is made of (the reference's
 * `BasicConv2d`, whose own ReLU is never applied). After `fold()` it is a single convolution.
 */
export class ConvNorm implements Unit {
  readonly variables: readonly tf.Variable[];
  readonly #kernel: tf.Variable<tf.Rank.R4>;
  readonly #norm: NormParameters;
  readonly #geometry: ConvGeometry;
  readonly #bias: tf.Variable<tf.Rank.R1> | undefined;
  readonly #groups: number;
  /** One for each group. */
  #folded: readonly Folded[] | undefined;

  constructor(
    kernel: tf.Variable<tf.Rank.R4>,
    norm: NormParameters,
    { geometry = {}, bias, groups = 1 }: ConvNormOptions = {},
  ) {
    this.#kernel = kernel;
    this.#norm = norm;
    this.#geometry = geometry;
    this.#bias = bias;
    this.#groups = groups;
    this.variables = [kernel, ...(bias ? [bias] : []), norm.gamma, norm.beta];
  }

  /** [B,H,W,C] to [B,H',W',D] */
  forward(x: tf.Tensor4D, context: ForwardContext, run: ConvNormRun = {}): tf.Tensor4D {
    return this.#folded
      ? concatChannels(this.forwardGroups(x, context, run))
      : this.#compute(x, context, run);
  }

  /** [B,H,W,C] to `groups` times [B,H',W',D/groups]; when folded, each is convolved apart: slicing is slower than that. */
  forwardGroups(x: tf.Tensor4D, context: ForwardContext, run: ConvNormRun = {}): tf.Tensor4D[] {
    return this.#folded
      ? this.#folded.map((folded) => applyFolded(x, folded, this.#geometry, run))
      : splitChannels(this.#compute(x, context, run), this.#groups);
  }

  /** Folds the batch norm, at its running statistics, into the kernel. */
  fold(): void {
    this.#folded = tf.tidy(() => {
      const { scale, shift } = foldedNorm(this.#norm); // [D] both
      const kernel = tf.mul(this.#kernel, scale) as tf.Tensor4D;
      const bias = this.#bias ? (tf.add(shift, tf.mul(this.#bias, scale)) as tf.Tensor1D) : shift;
      const groups = this.#groups === 1 ? [{ kernel, bias }] : splitFolded({ kernel, bias }, this.#groups);
      return groups.map((group) => ({ kernel: tf.keep(group.kernel), bias: tf.keep(group.bias) }));
    });
  }

  dispose(): void {
    for (const { kernel, bias } of this.#folded ?? []) tf.dispose([kernel, bias]);
    this.#folded = undefined;
  }

  #compute(x: tf.Tensor4D, context: ForwardContext, { relu = false, gate }: ConvNormRun): tf.Tensor4D {
    const z = conv2d(x, this.#kernel, this.#geometry); // [B,H',W',D]
    const gated = gate ? (tf.mul(z, gate) as tf.Tensor4D) : z;
    return normalise(this.#bias ? addBias(gated, this.#bias) : gated, this.#norm, context, relu);
  }
}

function applyFolded(
  x: tf.Tensor4D,
  { kernel, bias }: Folded,
  geometry: ConvGeometry,
  { relu = false, gate }: ConvNormRun,
): tf.Tensor4D {
  if (!gate) return fusedConv2d(x, kernel, bias, geometry, relu ? 'relu' : 'linear');
  const gated = tf.add(tf.mul(conv2d(x, kernel, geometry), gate), bias) as tf.Tensor4D;
  return relu ? tf.relu(gated) : gated;
}

function splitFolded({ kernel, bias }: Folded, groups: number): Folded[] {
  const count = bias.size / groups;
  return Array.from({ length: groups }, (_, i) => ({
    kernel: tf.slice4d(kernel, [0, 0, 0, i * count], [-1, -1, -1, count]),
    bias: tf.slice1d(bias, i * count, count),
  }));
}
