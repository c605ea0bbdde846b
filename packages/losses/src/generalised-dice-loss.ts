import * as tf from '@tensorflow/tfjs-core';
import { type ClassOptions, EPSILON, selectClasses, sumPerChannel } from './classes.js';
import { withGradient } from './with-gradient.js';

/**
 * Generalised Dice loss of class probabilities (Sudre et al., DLMIA 2017): the mean over the images of
 * `1 - 2 (sum_c w_c sum(p t) + e) / (sum_c w_c (sum(p) + sum(t)) + e)`, with `w_c = 1 / (sum(t) + e)^2` and e = 1e-10 (the
 * released code's unused loss file). A small class weighs as much as a large one, and a class that an image lacks
 * outweighs all others (w = 1e20): choose the classes that every image has.
 *
 * @param probabilities [B,H,W,C] in [0,1], after softmax or sigmoid
 * @param truth [B,H,W,C] in [0,1], one-hot
 * @throws {LossError} for other shapes, or a class that is no channel.
 */
export function generalisedDiceLoss(
  probabilities: tf.Tensor4D,
  truth: tf.Tensor4D,
  options: ClassOptions = {},
): tf.Scalar {
  return withGradient(probabilities, () => {
    const { selected } = selectClasses(probabilities, truth, options);
    const sumOverClasses = (x: tf.Tensor): tf.Tensor => tf.add(tf.sum(x, 3, true), EPSILON); // to [B,1,1,1]
    const present = sumPerChannel(truth); // [B,1,1,C]
    const weight = tf.div(selected, tf.square(tf.add(present, EPSILON))); // [B,1,1,C]
    const overlap = sumOverClasses(tf.mul(weight, sumPerChannel(tf.mul(probabilities, truth))));
    const sizes = sumOverClasses(tf.mul(weight, tf.add(sumPerChannel(probabilities), present)));
    const ratio = tf.div(overlap, sizes); // [B,1,1,1]
    // Not over sizes^2, which is beyond float32 when a class is absent.
    const slope = tf.mul(tf.div(weight, sizes), tf.sub(ratio, truth)); // [B,H,W,C]
    return {
      value: tf.sub(1, tf.mul(tf.mean(ratio), 2)),
      gradient: tf.mul(slope, 2 / probabilities.shape[0]),
    };
  });
}
