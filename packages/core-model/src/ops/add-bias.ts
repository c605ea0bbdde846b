import * as tf from '@tensorflow/tfjs-core';
import { channelAffine, channelMean } from './channel-affine.js';
import { withGradient } from './with-gradient.js';

/**
 * `x + bias[c]`, then ReLU if asked, in one pass. Its gradient sums over pixels by average pools, as a sum over the
 * leading axes takes ten times as long on wasm.
 *
 * @param x [B,H,W,C]
 * @param bias [C]
 */
export function addBias(
  x: tf.Tensor4D,
  bias: tf.Tensor1D,
  { relu = false }: { readonly relu?: boolean } = {},
): tf.Tensor4D {
  const [batch, height, width] = x.shape;
  return withGradient([x, bias], () => {
    const y = channelAffine(x, tf.onesLike(bias), bias, relu ? 'relu' : 'linear');
    return {
      value: y,
      saved: relu ? [y] : [],
      backward: (dy, [kept]) => {
        const dx: tf.Tensor4D = kept === undefined ? dy : tf.mul(dy, tf.step(kept));
        return [dx, tf.mul(channelMean(dx), batch * height * width)];
      },
    };
  });
}
