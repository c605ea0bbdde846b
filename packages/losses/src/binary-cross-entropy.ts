import * as tf from '@tensorflow/tfjs-core';

/**
 * Binary cross entropy of logits, per pixel: `max(x, 0) - x G + log(1 + exp(-|x|))`, finite for every finite x.
 *
 * @param logits [B,H,W,C]
 * @param mask [B,H,W,C] in [0,1]
 */
export function binaryCrossEntropy(logits: tf.Tensor4D, mask: tf.Tensor4D): tf.Tensor4D {
  const tail = tf.log1p(tf.exp(tf.neg(tf.abs(logits))));
  return tf.add(tf.sub(tf.relu(logits), tf.mul(logits, mask)), tail);
}

/** Sum over each image, [B,H,W,C] to [B,1,1,1]. */
export function sumPerImage(x: tf.Tensor4D): tf.Tensor4D {
  const [batch] = x.shape;
  return tf.reshape(tf.sum(tf.reshape(x, [batch, x.size / batch]), 1), [batch, 1, 1, 1]);
}
