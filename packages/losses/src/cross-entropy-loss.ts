import * as tf from '@tensorflow/tfjs-core';
import { type ClassOptions, EPSILON, selectClasses } from './classes.js';
import { withGradient } from './with-gradient.js';

/**
 * Cross entropy of class probabilities: `-sum(t log(p + e)) / (sum(t) + e)` over the batch and the chosen classes, with
 * e = 1e-10 (the released code's unused loss file; the paper has no formula). 0 where no pixel is of a chosen class.
 *
 * @param probabilities [B,H,W,C] in [0,1], after softmax or sigmoid
 * @param truth [B,H,W,C] in [0,1], one-hot
 * @throws {LossError} for other shapes, or a class that is no channel.
 */
export function crossEntropyLoss(
  probabilities: tf.Tensor4D,
  truth: tf.Tensor4D,
  options: ClassOptions = {},
): tf.Scalar {
  return withGradient(probabilities, () => {
    const { selected } = selectClasses(probabilities, truth, options);
    const chosen = tf.mul(truth, selected); // [B,H,W,C]
    const share = tf.div(chosen, tf.add(tf.sum(chosen), EPSILON)); // [B,H,W,C]
    const kept = tf.add(probabilities, EPSILON);
    return {
      value: tf.neg(tf.sum(tf.mul(share, tf.log(kept)))),
      gradient: tf.neg(tf.div(share, kept)),
    };
  });
}
