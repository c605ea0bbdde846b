import * as tf from '@tensorflow/tfjs-core';
import { sumPerImage } from './binary-cross-entropy.js';
import { boundaryWeight } from './boundary-weight.js';
import { checkPair } from './errors.js';
import type { WeightedOptions } from './weighted-bce-loss.js';
import { withGradient } from './with-gradient.js';

/**
 * Weighted intersection over union, the second term of the paper's segmentation loss (section III-A, loss function): with p the sigmoid of the
 * logits, the mean over the images of `1 - (sum(w p G) + 1) / (sum(w (p + G)) - sum(w p G) + 1)`. The ones keep an
 * empty mask finite.
 *
 * @param logits [B,H,W,1]
 * @param mask [B,H,W,1] in [0,1]
 * @throws {LossError} for other shapes.
 */
export function weightedIouLoss(
  logits: tf.Tensor4D,
  mask: tf.Tensor4D,
  { weight: given }: WeightedOptions = {},
): tf.Scalar {
  checkPair(logits, mask);
  if (given) checkPair(logits, given, 'the weight');
  return withGradient(logits, () => {
    const weight = given ?? boundaryWeight(mask);
    const p = tf.sigmoid(logits); // [B,H,W,1]
    const weightedMask = tf.mul(weight, mask) as tf.Tensor4D; // [B,H,W,1]
    const overlap = sumPerImage(tf.mul(p, weightedMask)); // [B,1,1,1]
    const intersection = tf.add(overlap, 1);
    const union = tf.add(
      tf.sub(tf.add(sumPerImage(tf.mul(p, weight)), sumPerImage(weightedMask)), overlap),
      1,
    );
    const iou = tf.div(intersection, union); // [B,1,1,1]
    // d(iou)/dp = (w G - iou (w - w G)) / union
    const towardsP = tf.div(tf.sub(tf.mul(weightedMask, tf.add(iou, 1)), tf.mul(weight, iou)), union);
    const slope = tf.mul(p, tf.sub(1, p)); // of the sigmoid
    return {
      value: tf.sub(1, tf.mean(iou)) as tf.Scalar,
      gradient: tf.div(tf.mul(tf.neg(towardsP), slope), logits.shape[0]),
    };
  });
}
