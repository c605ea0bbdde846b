import * as tf from '@tensorflow/tfjs-core';
import { basicConv } from '../layers/basic-conv.js';
import { type ForwardContext, runBlock } from '../layers/context.js';
import type { ConvNorm } from '../layers/conv-norm.js';
import type { ParameterScope } from '../layers/parameter-store.js';
import { type Unit, variablesOf } from '../layers/unit.js';
import { concatChannels, resizeBilinear } from '../ops/index.js';

export interface ReverseAttentionOptions {
  /** `ra4`, `ra3` or `ra2`: the reference's prefix. */
  readonly name: 'ra4' | 'ra3' | 'ra2';
  /** Channels of the backbone feature f_i. */
  readonly inputs: number;
  /** Channels inside the module. */
  readonly channels: number;
  /** Channels of e_att; 0 where there is no edge attention. */
  readonly edgeChannels: number;
  /** Side of the square kernels after the reduction: 5 in the deepest module, 3 in the others. */
  readonly kernel: 3 | 5;
}

/**
 * Reverse attention (paper section III-A3): looks again where the deeper map S_(i+1) found nothing. Its answer, the
 * residual R_i = C(f_i . A_i, Dow(e_att)) with A_i = 1 - sigmoid(S_(i+1)), is added to that map (Eq. 2 with the
 * authors' erratum of 2020-08-15).
 *
 * The attention multiplies the output of the first, pointwise and linear convolution in place of its input, which
 * is the same and saves a product over all channels of the backbone.
 */
export class ReverseAttention {
  readonly units: readonly Unit[];
  readonly #reduce: ConvNorm;
  readonly #hidden: readonly ConvNorm[];
  readonly #last: ConvNorm;
  readonly #variables: readonly tf.Variable[];

  constructor(
    scope: ParameterScope,
    { name, inputs, channels, edgeChannels, kernel }: ReverseAttentionOptions,
  ) {
    const pad = (kernel - 1) / 2;
    const hidden = (index: number, width: number): ConvNorm =>
      basicConv(scope, `${name}_conv${index}`, width, channels, kernel, { pad });
    this.#reduce = basicConv(scope, `${name}_conv1`, inputs, channels);
    // The deepest module has one more hidden convolution, and ends in 1x1.
    this.#hidden = (kernel === 5 ? [2, 3, 4] : [2, 3]).map((index) =>
      hidden(index, index === 2 ? channels + edgeChannels : channels),
    );
    this.#last =
      kernel === 5
        ? basicConv(scope, `${name}_conv5`, channels, 1)
        : basicConv(scope, `${name}_conv4`, channels, 1, kernel, { pad });
    this.units = [this.#reduce, ...this.#hidden, this.#last];
    this.#variables = variablesOf(this.units);
  }

  /**
   * @param feature f_i, [B,h,w,inputs]
   * @param guide the deeper map, logits at any size [B,.,.,1]
   * @param edgeFeature e_att, [B,H/4,W/4,edgeChannels], if there is edge attention
   * @returns S_i, logits [B,h,w,1]
   */
  forward(
    feature: tf.Tensor4D,
    guide: tf.Tensor4D,
    edgeFeature: tf.Tensor4D | undefined,
    context: ForwardContext,
  ): tf.Tensor4D {
    const given = [feature, guide, ...(edgeFeature ? [edgeFeature] : [])];
    return runBlock(context, given, this.#variables, (inputs, inner) => {
      const [f, deeper, edge] = inputs as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D?];
      const size = [f.shape[1], f.shape[2]] as const;
      const prior = resizeBilinear(deeper, size); // [B,h,w,1]
      const attention = tf.sub(1, tf.sigmoid(prior)) as tf.Tensor4D; // A_i, [B,h,w,1]
      const attended = this.#reduce.forward(f, inner, { gate: attention }); // [B,h,w,channels]
      const joined = edge ? concatChannels([attended, resizeBilinear(edge, size)]) : attended; // [B,h,w,channels+edgeChannels]
      const refined = this.#hidden.reduce((y, unit) => unit.forward(y, inner, { relu: true }), joined);
      return this.#last.forward(refined, inner, { residual: prior }); // R_i + S_(i+1)
    });
  }
}
