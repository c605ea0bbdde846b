import * as tf from '@tensorflow/tfjs-core';
import { type ClassOptions, EPSILON, selectClasses, sumPerChannel } from './classes.js';
import { withGradient } from './with-gradient.js';

/**
 * Dice loss of class probabilities: the mean over images and chosen classes of `1 - (2 sum(p t) + e) / (sum(p) + sum(t) + e)`,
 * with e = 1e-10 (the released code's unused loss file). 0 for a class that is neither there nor predicted.
 *
 * @param probabilities [B,H,W,C] in [0,1], after softmax or sigmoid
 * @param truth [B,H,W,C] in [0,1], one-hot
 * @throws {LossError} for other shapes, or a class that is no channel.
 */
export function diceLoss(
  probabilities: tf.Tensor4D,
  truth: tf.Tensor4D,
  options: ClassOptions = {},
): tf.Scalar {
  return withGradient(probabilities, () => {
    const { selected, count } = selectClasses(probabilities, truth, options);
    const overlap = tf.mul(sumPerChannel(tf.mul(probabilities, truth)), 2); // [B,1,1,C]
    const sizes = tf.add(tf.add(sumPerChannel(probabilities), sumPerChannel(truth)), EPSILON); // [B,1,1,C]
    const dice = tf.div(tf.add(overlap, EPSILON), sizes); // [B,1,1,C]
    const share = tf.div(selected, probabilities.shape[0] * count); // [1,1,1,C]
    return {
      value: tf.sum(tf.mul(share, tf.sub(1, dice))),
      gradient: tf.mul(tf.div(share, sizes), tf.sub(dice, tf.mul(truth, 2))),
    };
  });
}
