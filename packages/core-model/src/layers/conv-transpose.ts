import * as tf from '@tensorflow/tfjs-core';
import { addBias, conv2dTranspose } from '../ops/index.js';
import type { Initialiser } from './initialise.js';
import type { ParameterScope } from './parameter-store.js';
import type { Unit } from './unit.js';

export interface ConvTransposeOptions {
  readonly inputs: number;
  readonly outputs: number;
  /** Side of the square kernel. */
  readonly kernel: number;
  readonly stride: number;
  /** Rows and columns cut off on each side. */
  readonly pad: number;
  /** Default true. */
  readonly bias?: boolean;
  /** How the kernel is drawn. Default PyTorch's own. */
  readonly initialiser?: Initialiser;
}

/** Transposed convolution, `<name>.weight` and `<name>.bias`: [B,h,w,inputs] to [B,(h-1)*stride+kernel-2*pad,.,outputs]. */
export class ConvTranspose implements Unit {
  readonly variables: readonly tf.Variable[];
  readonly #kernel: tf.Variable<tf.Rank.R4>;
  readonly #bias: tf.Variable<tf.Rank.R1> | undefined;
  readonly #geometry: { readonly stride: number; readonly pad: number };
  #folded: { readonly kernel: tf.Tensor4D; readonly bias: tf.Tensor1D | undefined } | undefined;

  constructor(
    scope: ParameterScope,
    name: string,
    {
      inputs,
      outputs,
      kernel,
      stride,
      pad,
      bias = true,
      initialiser = 'torch-default',
    }: ConvTransposeOptions,
  ) {
    this.#kernel = scope.kernel(`${name}.weight`, [kernel, kernel, outputs, inputs], initialiser);
    this.#bias = bias ? scope.bias(`${name}.bias`, outputs, kernel * kernel * outputs) : undefined;
    this.#geometry = { stride, pad };
    this.variables = this.#bias ? [this.#kernel, this.#bias] : [this.#kernel];
  }

  forward(x: tf.Tensor4D): tf.Tensor4D {
    const { kernel, bias } = this.#folded ?? { kernel: this.#kernel, bias: this.#bias };
    const z = conv2dTranspose(x, kernel, this.#geometry);
    return bias ? addBias(z, bias) : z;
  }

  fold(): void {
    this.#folded = tf.tidy(() => ({
      kernel: tf.keep(tf.clone<tf.Tensor4D>(this.#kernel)),
      bias: this.#bias && tf.keep(tf.clone<tf.Tensor1D>(this.#bias)),
    }));
  }

  dispose(): void {
    if (this.#folded) tf.dispose([this.#folded.kernel, ...(this.#folded.bias ? [this.#folded.bias] : [])]);
    this.#folded = undefined;
  }
}
