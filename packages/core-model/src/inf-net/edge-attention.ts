import type * as tf from '@tensorflow/tfjs-core';
import { basicConv } from '../layers/basic-conv.js';
import { type ForwardContext, runBlock } from '../layers/context.js';
import type { ConvNorm } from '../layers/conv-norm.js';
import type { ParameterScope } from '../layers/parameter-store.js';
import { type Unit, variablesOf } from '../layers/unit.js';

/**
 * Edge attention (paper section III-A1): learns the lesions' outline from the shallow feature f2, and lends its
 * feature e_att to every reverse-attention module. Linear throughout. (Released code: three convolutions before
 * e_att, where the paper's text takes f2 itself.)
 */
export class EdgeAttention {
  readonly units: readonly Unit[];
  /** Channels of e_att. */
  readonly channels: number;
  readonly #feature: readonly ConvNorm[];
  readonly #map: ConvNorm;
  readonly #featureVariables: readonly tf.Variable[];
  readonly #mapVariables: readonly tf.Variable[];

  constructor(scope: ParameterScope, inputs: number, channels: number) {
    this.channels = channels;
    this.#feature = [
      basicConv(scope, 'edge_conv1', inputs, channels),
      basicConv(scope, 'edge_conv2', channels, channels, 3, { pad: 1 }),
      basicConv(scope, 'edge_conv3', channels, channels, 3, { pad: 1 }),
    ];
    this.#map = basicConv(scope, 'edge_conv4', channels, 1, 3, { pad: 1 });
    this.units = [...this.#feature, this.#map];
    this.#featureVariables = variablesOf(this.#feature);
    this.#mapVariables = variablesOf([this.#map]);
  }

  /** e_att: [B,H/4,W/4,inputs] to [B,H/4,W/4,channels] */
  feature(f2: tf.Tensor4D, context: ForwardContext): tf.Tensor4D {
    return runBlock(context, [f2], this.#featureVariables, ([x], inner) =>
      this.#feature.reduce((y, unit) => unit.forward(y, inner), x!),
    );
  }

  /** S_e: e_att to logits [B,H/4,W/4,1] */
  map(edgeFeature: tf.Tensor4D, context: ForwardContext): tf.Tensor4D {
    return runBlock(context, [edgeFeature], this.#mapVariables, ([x], inner) => this.#map.forward(x!, inner));
  }
}
