import * as tf from '@tensorflow/tfjs-core';

/** Spreads pixels `stride` apart with zeros after each: [B,h,w,C] to [B,h*stride,w*stride,C]. The adjoint of taking every `stride`-th pixel. */
export function zeroInsert(x: tf.Tensor4D, stride: number): tf.Tensor4D {
  if (stride === 1) return x;
  const [batch, height, width, channels] = x.shape;
  return tf.tidy(() => {
    const rows = tf.reshape(x, [batch * height, 1, width, channels]) as tf.Tensor4D;
    const spread = tf.pad4d(rows, [
      [0, 0],
      [0, stride - 1],
      [0, 0],
      [0, (stride - 1) * channels],
    ]);
    return tf.reshape(spread, [batch, height * stride, width * stride, channels]);
  });
}
