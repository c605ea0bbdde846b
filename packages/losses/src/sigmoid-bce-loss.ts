import type * as tf from '@tensorflow/tfjs-core';
import { checkPair } from './errors.js';
import { meanBceLoss } from './weighted-bce-loss.js';

/**
 * Binary cross entropy of each class by itself, averaged over batch, pixels and classes: what the multi-class network of
 * the released code is trained with (three independent sigmoids, not a softmax).
 *
 * @param logits [B,H,W,C]
 * @param truth [B,H,W,C] in [0,1], one channel a class
 * @throws {LossError} for other shapes.
 */
export function sigmoidBceLoss(logits: tf.Tensor4D, truth: tf.Tensor4D): tf.Scalar {
  checkPair(logits, truth);
  return meanBceLoss(logits, truth);
}
