import * as tf from '@tensorflow/tfjs-core';
import { addBias, conv2d, type ConvGeometry, FoldedConvolution } from '../ops/index.js';
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
  #folded: FoldedConvolution | undefined;

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
    if (this.#folded) return this.#folded.apply(x, { relu: this.#relu });
    const z = conv2d(x, this.#kernel, this.#geometry);
    if (this.#bias) return addBias(z, this.#bias, { relu: this.#relu });
    return this.#relu ? tf.relu(z) : z;
  }

  fold(): void {
    const kernel = tf.clone<tf.Tensor4D>(this.#kernel);
    const bias = this.#bias
      ? tf.clone<tf.Tensor1D>(this.#bias)
      : tf.zeros<tf.Rank.R1>([this.#kernel.shape[3]]);
    this.#folded = new FoldedConvolution(kernel, bias, this.#geometry);
  }

  dispose(): void {
    this.#folded?.dispose();
    this.#folded = undefined;
  }
}
