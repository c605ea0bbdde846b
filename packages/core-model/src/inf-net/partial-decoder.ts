import * as tf from '@tensorflow/tfjs-core';
import { basicConv } from '../layers/basic-conv.js';
import { type ForwardContext, runBlock } from '../layers/context.js';
import { Conv } from '../layers/conv.js';
import type { ConvNorm } from '../layers/conv-norm.js';
import type { ParameterScope } from '../layers/parameter-store.js';
import type { Unit } from '../layers/unit.js';
import { concatChannels, resizeBilinear } from '../ops/index.js';

/**
 * Parallel partial decoder (paper section III-A2; Wu et al., CVPR 2019): joins the three deep features into the
 * global map S_g, coarse but of the whole lesion. All convolutions are linear; the features meet by multiplication.
 */
export class PartialDecoder {
  readonly units: readonly Unit[];
  readonly #upsample: readonly ConvNorm[];
  readonly #concat2: ConvNorm;
  readonly #concat3: ConvNorm;
  readonly #conv4: ConvNorm;
  readonly #conv5: Conv;
  readonly #variables: readonly tf.Variable[];

  constructor(scope: ParameterScope, channels: number) {
    const same3x3 = (name: string, width: number): ConvNorm =>
      basicConv(scope, name, width, width, 3, { pad: 1 });
    this.#upsample = [1, 2, 3, 4].map((i) => same3x3(`conv_upsample${i}`, channels));
    this.#upsample = [...this.#upsample, same3x3('conv_upsample5', 2 * channels)];
    this.#concat2 = same3x3('conv_concat2', 2 * channels);
    this.#concat3 = same3x3('conv_concat3', 3 * channels);
    this.#conv4 = same3x3('conv4', 3 * channels);
    this.#conv5 = new Conv(scope, 'conv5', { inputs: 3 * channels, outputs: 1 });
    this.units = [...this.#upsample, this.#concat2, this.#concat3, this.#conv4, this.#conv5];
    this.#variables = scope.trainable();
  }

  /**
   * @param r5 [B,H/32,W/32,C], from f5
   * @param r4 [B,H/16,W/16,C], from f4
   * @param r3 [B,H/8,W/8,C], from f3
   * @returns S_g, logits [B,H/8,W/8,1]
   */
  forward(r5: tf.Tensor4D, r4: tf.Tensor4D, r3: tf.Tensor4D, context: ForwardContext): tf.Tensor4D {
    return runBlock(context, [r5, r4, r3], this.#variables, (features, inner) => {
      const [deep, middle, shallow] = features as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
      const [up1, up2, up3, up4, up5] = this.#upsample.map(
        (unit) => (x: tf.Tensor4D) => unit.forward(x, inner),
      );
      const deepUp = twice(deep); // [B,H/16,W/16,C]
      const atMiddle = tf.mul(up1!(deepUp), middle) as tf.Tensor4D; // [B,H/16,W/16,C]
      const atShallow = tf.mul(tf.mul(up2!(twice(deepUp)), up3!(twice(middle))), shallow) as tf.Tensor4D; // [B,H/8,W/8,C]
      const joined2 = this.#concat2.forward(concatChannels([atMiddle, up4!(deepUp)]), inner); // [B,H/16,W/16,2C]
      const joined3 = this.#concat3.forward(concatChannels([atShallow, up5!(twice(joined2))]), inner); // [B,H/8,W/8,3C]
      return this.#conv5.forward(this.#conv4.forward(joined3, inner));
    });
  }
}

/** To twice the size, corners on corners: the only resize of the network that is not by half-pixel centres. */
function twice(x: tf.Tensor4D): tf.Tensor4D {
  return resizeBilinear(x, [2 * x.shape[1], 2 * x.shape[2]], { alignCorners: true });
}
