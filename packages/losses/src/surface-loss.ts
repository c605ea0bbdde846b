import * as tf from '@tensorflow/tfjs-core';
import { type ClassOptions, selectClasses } from './classes.js';
import { withGradient } from './with-gradient.js';

/**
 * Surface loss of class probabilities (boundary loss: Kervadec et al., MIDL 2019): the mean over batch, pixels and chosen
 * classes of `p d`, with d the signed distance to the class's boundary in pixels, negative inside. Meant as a companion
 * of a region loss such as Dice; may be negative.
 *
 * @param probabilities [B,H,W,C] in [0,1], after softmax or sigmoid
 * @param distances [B,H,W,C], signed distance maps of the ground truth
 * @throws {LossError} for other shapes, or a class that is no channel.
 */
export function surfaceLoss(
  probabilities: tf.Tensor4D,
  distances: tf.Tensor4D,
  options: ClassOptions = {},
): tf.Scalar {
  return withGradient(probabilities, () => {
    const { selected, count } = selectClasses(probabilities, distances, options);
    const [batch, height, width] = probabilities.shape;
    const gradient = tf.mul(distances, tf.div(selected, batch * height * width * count)) as tf.Tensor4D; // [B,H,W,C]
    return { value: tf.sum(tf.mul(probabilities, gradient)), gradient };
  });
}
