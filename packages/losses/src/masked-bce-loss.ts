import * as tf from '@tensorflow/tfjs-core';
import { binaryCrossEntropy } from './binary-cross-entropy.js';
import { checkPair } from './errors.js';
import { withGradient } from './with-gradient.js';

/**
 * Binary cross entropy where targets are trusted: the mean over all pixels of `w BCE`. Unlike in `weightedBceLoss` the weights
 * are not brought to 1, so a batch with few trusted pixels counts little: the unlabelled term of FixMatch (Sohn et al.,
 * NeurIPS 2020, Eq. 4), per pixel and for one class.
 *
 * @param logits [B,H,W,1]
 * @param target [B,H,W,1] in [0,1]
 * @param weight [B,H,W,1] in [0,1]
 * @throws {LossError} for other shapes.
 */
export function maskedBceLoss(logits: tf.Tensor4D, target: tf.Tensor4D, weight: tf.Tensor4D): tf.Scalar {
  checkPair(logits, target);
  checkPair(logits, weight, 'the weight');
  return withGradient(logits, () => {
    const share = tf.div(weight, logits.size) as tf.Tensor4D; // [B,H,W,1]
    return {
      value: tf.sum(tf.mul(share, binaryCrossEntropy(logits, target))),
      gradient: tf.mul(share, tf.sub(tf.sigmoid(logits), target)),
    };
  });
}
