import * as tf from '@tensorflow/tfjs-core';
import { binaryCrossEntropy, sumPerImage } from './binary-cross-entropy.js';
import { boundaryWeight } from './boundary-weight.js';
import { EPSILON } from './classes.js';
import { checkPair, LossError } from './errors.js';
import { withGradient } from './with-gradient.js';

export interface WeightedOptions {
  /** Default: `boundaryWeight(mask)`; [B,H,W,1], from 0 up. An image of weight 0 adds nothing. */
  readonly weight?: tf.Tensor4D;
}

export interface WeightedBceOptions extends WeightedOptions {
  /**
   * `paper` (default): each pixel by its weight, each image by the sum of its weights. `reference`: the plain mean over
   * the batch, which is what the released code computes (its `reduce='none'` averages before the weight comes in;
   * 1.1803 against 1.1685 on the first golden mask).
   */
  readonly compat?: 'paper' | 'reference';
}

/**
 * Weighted binary cross entropy, the first term of the paper's segmentation loss (section III-A, loss function): the mean over the images of
 * `sum(w BCE) / sum(w)`.
 *
 * @param logits [B,H,W,1]
 * @param mask [B,H,W,1] in [0,1]
 * @throws {LossError} for other shapes.
 */
export function weightedBceLoss(
  logits: tf.Tensor4D,
  mask: tf.Tensor4D,
  { compat = 'paper', weight }: WeightedBceOptions = {},
): tf.Scalar {
  checkPair(logits, mask);
  if (compat !== 'paper' && compat !== 'reference') {
    throw new LossError('invalid-option', `compat is ${String(compat)}`, "give 'paper' or 'reference'");
  }
  return compat === 'reference' ? meanBceLoss(logits, mask) : weightedMean(logits, mask, weight);
}

/** Binary cross entropy, averaged over the batch. */
export function meanBceLoss(logits: tf.Tensor4D, mask: tf.Tensor4D): tf.Scalar {
  return withGradient(logits, () => ({
    value: tf.mean(binaryCrossEntropy(logits, mask)),
    gradient: tf.div(tf.sub(tf.sigmoid(logits), mask), logits.size),
  }));
}

function weightedMean(logits: tf.Tensor4D, mask: tf.Tensor4D, given: tf.Tensor4D | undefined): tf.Scalar {
  if (given) checkPair(logits, given, 'the weight');
  return withGradient(logits, () => {
    const weight = given ?? boundaryWeight(mask);
    const total = tf.maximum(sumPerImage(weight), EPSILON); // [B,1,1,1]
    const share = tf.div(weight, tf.mul(total, logits.shape[0])) as tf.Tensor4D; // [B,H,W,1], adds up to 1
    return {
      value: tf.sum(tf.mul(share, binaryCrossEntropy(logits, mask))),
      gradient: tf.mul(share, tf.sub(tf.sigmoid(logits), mask)),
    };
  });
}
