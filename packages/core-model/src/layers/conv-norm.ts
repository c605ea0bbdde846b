import * as tf from '@tensorflow/tfjs-core';
import {
  add,
  addBias,
  concatChannels,
  conv2d,
  type ConvGeometry,
  type Epilogue,
  FoldedConvolution,
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
  #folded: readonly FoldedConvolution[] | undefined;

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
  forward(x: tf.Tensor4D, context: ForwardContext, run: Epilogue = {}): tf.Tensor4D {
    return this.#folded
      ? concatChannels(this.forwardGroups(x, context, run))
      : this.#compute(x, context, run);
  }

  /** [B,H,W,C] to `groups` times [B,H',W',D/groups]; when folded, each is convolved apart: slicing is slower than that. */
  forwardGroups(x: tf.Tensor4D, context: ForwardContext, run: Epilogue = {}): tf.Tensor4D[] {
    return this.#folded
      ? this.#folded.map((folded) => folded.apply(x, run))
      : splitChannels(this.#compute(x, context, run), this.#groups);
  }

  /** Folds the batch norm, at its running statistics, into the kernel. */
  fold(): void {
    tf.tidy(() => {
      const { scale, shift } = foldedNorm(this.#norm); // [D] both
      const kernel = tf.mul(this.#kernel, scale) as tf.Tensor4D;
      const bias = this.#bias ? (tf.add(shift, tf.mul(this.#bias, scale)) as tf.Tensor1D) : shift;
      const biases = tf.split<tf.Tensor1D>(bias, this.#groups); // [D/groups] each
      this.#folded = splitChannels(kernel, this.#groups).map(
        (part, i) => new FoldedConvolution(part, biases[i]!, this.#geometry),
      );
    });
  }

  dispose(): void {
    for (const folded of this.#folded ?? []) folded.dispose();
    this.#folded = undefined;
  }

  #compute(x: tf.Tensor4D, context: ForwardContext, { relu = false, gate, residual }: Epilogue): tf.Tensor4D {
    const z = conv2d(x, this.#kernel, this.#geometry); // [B,H',W',D]
    const gated = gate ? (tf.mul(z, gate) as tf.Tensor4D) : z;
    const biased = this.#bias ? addBias(gated, this.#bias) : gated;
    if (!residual) return normalise(biased, this.#norm, context, relu);
    return add(normalise(biased, this.#norm, context, false), residual, { relu });
  }
}
