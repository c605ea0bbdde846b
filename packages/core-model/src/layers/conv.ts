import * as tf from '@tensorflow/tfjs-core';
import { addBias, conv2d, type ConvGeometry, fusedConv2d } from '../ops/index.js';
import type { Initialiser } from './initialise.js';
import type { ParameterScope } from './parameter-store.js';
import type { Unit } from './unit.js';

export interface ConvOptions extends ConvGeometry {
  readonly inputs: number;
  readonly outputs: number;
  /** Side of a square kernel, or [rows, columns]. Default 1. */
  readonly kernel?: number | readonly [number, number];
  /** Default true. */
  readonly bias?: boolean;
  /** ReLU at the end. Default false. */
  readonly relu?: boolean;
  /** How the kernel is drawn. Default PyTorch's own. */
  readonly initialiser?: Initialiser;
}

/** Convolution with bias and no norm, `<name>.weight` and `<name>.bias`: [B,H,W,inputs] to [B,H',W',outputs]. */
export class Conv implements Unit {
  readonly variables: readonly tf.Variable[];
  readonly #kernel: tf.Variable<tf.Rank.R4>;
  readonly #bias: tf.Variable<tf.Rank.R1> | undefined;
  readonly #geometry: ConvGeometry;
  readonly #relu: boolean;
  #folded: { readonly kernel: tf.Tensor4D; readonly bias: tf.Tensor1D } | undefined;

  constructor(
    scope: ParameterScope,
    name: string,
    {
      inputs,
      outputs,
      kernel = 1,
      bias = true,
      relu = false,
      initialiser = 'torch-default',
      ...geometry
    }: ConvOptions,
  ) {
    const [kh, kw] = typeof kernel === 'number' ? [kernel, kernel] : kernel;
    this.#kernel = scope.kernel(`${name}.weight`, [kh, kw, inputs, outputs], initialiser);
    this.#bias = bias ? scope.bias(`${name}.bias`, outputs, kh * kw * inputs) : undefined;
    this.#geometry = geometry;
    this.#relu = relu;
    this.variables = this.#bias ? [this.#kernel, this.#bias] : [this.#kernel];
  }

  forward(x: tf.Tensor4D): tf.Tensor4D {
    if (this.#folded) {
      const { kernel, bias } = this.#folded;
      return fusedConv2d(x, kernel, bias, this.#geometry, this.#relu ? 'relu' : 'linear');
    }
    const z = conv2d(x, this.#kernel, this.#geometry);
    if (this.#bias) return addBias(z, this.#bias, { relu: this.#relu });
    return this.#relu ? tf.relu(z) : z;
  }

  fold(): void {
    this.#folded = tf.tidy(() => ({
      kernel: tf.keep(tf.clone<tf.Tensor4D>(this.#kernel)),
      bias: tf.keep(
        this.#bias ? tf.clone<tf.Tensor1D>(this.#bias) : tf.zeros<tf.Rank.R1>([this.#kernel.shape[3]]),
      ),
    }));
  }

  dispose(): void {
    if (this.#folded) tf.dispose([this.#folded.kernel, this.#folded.bias]);
    this.#folded = undefined;
  }
}
