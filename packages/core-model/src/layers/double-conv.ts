import type * as tf from '@tensorflow/tfjs-core';
import { type ForwardContext, runBlock } from './context.js';
import type { ConvNorm } from './conv-norm.js';
import { namedConvNorm } from './named-conv-norm.js';
import type { ParameterScope } from './parameter-store.js';
import { type Unit, variablesOf } from './unit.js';

export interface DoubleConvOptions {
  readonly inputs: number;
  /** Channels between the two convolutions. Default: `outputs`. */
  readonly middle?: number;
  readonly outputs: number;
  /** Names of the two convolutions and of their norms. */
  readonly names: readonly [conv: string, norm: string, conv: string, norm: string];
}

/** U-Net's step at one resolution: twice 3x3 convolution with bias, batch norm, ReLU. [B,H,W,inputs] to [B,H,W,outputs]. */
export class DoubleConv {
  readonly units: readonly Unit[];
  readonly #steps: readonly ConvNorm[];
  readonly #variables: readonly tf.Variable[];

  constructor(scope: ParameterScope, { inputs, outputs, middle = outputs, names }: DoubleConvOptions) {
    const [conv1, norm1, conv2, norm2] = names;
    const step = (conv: string, norm: string, from: number, to: number): ConvNorm =>
      namedConvNorm(scope, conv, norm, { inputs: from, outputs: to, kernel: 3, pad: 1, bias: true });
    this.#steps = [step(conv1, norm1, inputs, middle), step(conv2, norm2, middle, outputs)];
    this.units = this.#steps;
    this.#variables = variablesOf(this.#steps);
  }

  forward(x: tf.Tensor4D, context: ForwardContext): tf.Tensor4D {
    return runBlock(context, [x], this.#variables, ([input], inner) =>
      this.#steps.reduce((y, step) => step.forward(y, inner, { relu: true }), input!),
    );
  }
}
