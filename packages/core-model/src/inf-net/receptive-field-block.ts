import type * as tf from '@tensorflow/tfjs-core';
import { basicConv } from '../layers/basic-conv.js';
import { type ForwardContext, runBlock } from '../layers/context.js';
import type { ConvNorm } from '../layers/conv-norm.js';
import type { ParameterScope } from '../layers/parameter-store.js';
import type { Unit } from '../layers/unit.js';
import { concatChannels } from '../ops/index.js';

/** Kernel length, and dilation, of the three branches with a growing field of view. */
const REACHES = [3, 5, 7] as const;

/**
 * Receptive field block: four branches from one pixel to a field of 7x7 with dilation 7, joined and added to a 1x1
 * shortcut; brings a backbone feature to the few channels of the partial decoder. Linear but for the last ReLU.
 * [B,h,w,inputs] to [B,h,w,channels].
 */
export class ReceptiveFieldBlock {
  readonly units: readonly Unit[];
  readonly #branches: readonly (readonly ConvNorm[])[];
  readonly #join: ConvNorm;
  readonly #shortcut: ConvNorm;
  readonly #variables: readonly tf.Variable[];

  constructor(scope: ParameterScope, inputs: number, channels: number) {
    const pointwise = basicConv(scope.child('branch0'), '0', inputs, channels);
    this.#branches = [
      [pointwise],
      ...REACHES.map((reach, i) => branch(scope.child(`branch${i + 1}`), inputs, channels, reach)),
    ];
    this.#join = basicConv(scope, 'conv_cat', 4 * channels, channels, 3, { pad: 1 });
    this.#shortcut = basicConv(scope, 'conv_res', inputs, channels);
    this.units = [...this.#branches.flat(), this.#join, this.#shortcut];
    this.#variables = scope.trainable();
  }

  forward(feature: tf.Tensor4D, context: ForwardContext): tf.Tensor4D {
    return runBlock(context, [feature], this.#variables, ([x], inner) => {
      const fields = this.#branches.map((units) => units.reduce((y, unit) => unit.forward(y, inner), x!));
      const residual = this.#shortcut.forward(x!, inner);
      return this.#join.forward(concatChannels(fields), inner, { residual, relu: true });
    });
  }
}

/** 1x1, then a row of `reach`, a column of `reach`, and 3x3 with dilation `reach`. */
function branch(scope: ParameterScope, inputs: number, channels: number, reach: number): ConvNorm[] {
  const side = (reach - 1) / 2;
  return [
    basicConv(scope, '0', inputs, channels),
    basicConv(scope, '1', channels, channels, [1, reach], { pad: [0, side] }),
    basicConv(scope, '2', channels, channels, [reach, 1], { pad: [side, 0] }),
    basicConv(scope, '3', channels, channels, 3, { pad: reach, dilation: reach }),
  ];
}
