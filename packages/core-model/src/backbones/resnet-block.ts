import type * as tf from '@tensorflow/tfjs-core';
import type { ConvNorm } from '../layers/conv-norm.js';
import { type ForwardContext, runBlock } from '../layers/context.js';
import { namedConvNorm } from '../layers/named-conv-norm.js';
import type { ParameterScope } from '../layers/parameter-store.js';
import { type Unit, variablesOf } from '../layers/unit.js';

export interface ResNetBlockOptions {
  readonly inputs: number;
  /** Channels inside the block. */
  readonly planes: number;
  readonly outputs: number;
  /** The first block of a layer strides and has a projected shortcut. */
  readonly first: boolean;
  readonly stride: 1 | 2;
  readonly dilation: number;
}

/** The bottleneck of ResNet (He et al., CVPR 2016, Fig. 5): 1x1, 3x3, 1x1, shortcut. [B,H,W,inputs] to [B,H/stride,W/stride,outputs]. */
export class ResNetBlock {
  readonly units: readonly Unit[];
  readonly #convs: readonly ConvNorm[];
  readonly #last: ConvNorm;
  readonly #shortcut: ConvNorm | undefined;
  readonly #variables: readonly tf.Variable[];

  constructor(
    scope: ParameterScope,
    { inputs, planes, outputs, first, stride, dilation }: ResNetBlockOptions,
  ) {
    const initialiser = 'he-fan-out';
    const conv1 = namedConvNorm(scope, 'conv1', 'bn1', { inputs, outputs: planes, initialiser });
    const conv2 = namedConvNorm(scope, 'conv2', 'bn2', {
      inputs: planes,
      outputs: planes,
      kernel: 3,
      stride,
      pad: dilation,
      dilation,
      initialiser,
    });
    this.#convs = [conv1, conv2];
    this.#last = namedConvNorm(scope, 'conv3', 'bn3', { inputs: planes, outputs, initialiser });
    this.#shortcut = first
      ? namedConvNorm(scope, 'downsample.0', 'downsample.1', { inputs, outputs, stride, initialiser })
      : undefined;
    this.units = [...this.#convs, this.#last, ...(this.#shortcut ? [this.#shortcut] : [])];
    this.#variables = variablesOf(this.units);
  }

  forward(x: tf.Tensor4D, context: ForwardContext): tf.Tensor4D {
    return runBlock(context, [x], this.#variables, ([input], inner) => {
      const hidden = this.#convs.reduce((y, conv) => conv.forward(y, inner, { relu: true }), input!);
      const residual = this.#shortcut ? this.#shortcut.forward(input!, inner) : input!; // [B,H',W',outputs]
      return this.#last.forward(hidden, inner, { residual, relu: true });
    });
  }
}
