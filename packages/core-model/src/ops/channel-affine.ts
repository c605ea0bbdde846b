import * as tf from '@tensorflow/tfjs-core';

/**
 * `scale[c] * x + shift[c]`, then ReLU if asked, in one pass: a depthwise 1x1 convolution with bias. (tfjs's own
 * batch-norm kernel takes ten times as long on wasm.) Calls the kernel directly, because `tf.fused` takes itself
 * apart wherever a gradient is being computed. It has no gradient of its own.
 *
 * @param x [B,H,W,C]
 * @param scale [C]
 * @param shift [C], zero when left out
 */
export function channelAffine(
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  shift?: tf.Tensor1D,
  activation: 'linear' | 'relu' = 'linear',
): tf.Tensor4D {
  const filter = tf.reshape(scale, [1, 1, scale.size, 1]);
  const inputs = shift === undefined ? { x, filter } : { x, filter, bias: shift };
  const attributes = {
    strides: [1, 1],
    pad: 0,
    dataFormat: 'NHWC',
    dilations: [1, 1],
  };
  return shift === undefined && activation === 'linear'
    ? tf.engine().runKernel<tf.Tensor4D>(tf.DepthwiseConv2dNative, inputs, attributes)
    : tf
        .engine()
        .runKernel<tf.Tensor4D>(
          tf.FusedDepthwiseConv2D,
          { ...inputs, bias: shift ?? tf.zerosLike(scale) },
          { ...attributes, activation, leakyreluAlpha: 0 },
        );
}

/**
 * Mean over batch and pixels, [B,H,W,C] to [C], by two average pools: along the columns, then along all rows, so that
 * no float32 sum runs over more than a side. (A sum over leading axes takes ten times as long on wasm.)
 */
export function channelMean(x: tf.Tensor4D): tf.Tensor1D {
  const [batch, height, width, channels] = x.shape;
  const rows = tf.reshape(x, [1, batch * height, width, channels]) as tf.Tensor4D;
  const perRow = tf.avgPool(rows, [1, width], 1, 'valid'); // [1,BH,1,C]
  return tf.reshape(tf.avgPool(perRow, [batch * height, 1], 1, 'valid'), [channels]);
}
