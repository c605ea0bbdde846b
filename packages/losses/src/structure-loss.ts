import * as tf from '@tensorflow/tfjs-core';
import { boundaryWeight } from './boundary-weight.js';
import { weightedBceLoss, type WeightedBceOptions } from './weighted-bce-loss.js';
import { weightedIouLoss } from './weighted-iou-loss.js';

/**
 * The paper's segmentation loss L_seg (section III-A, loss function): weighted IoU plus weighted BCE.
 *
 * @param logits [B,H,W,1]
 * @param mask [B,H,W,1] in [0,1]
 * @throws {LossError} for other shapes.
 */
export function structureLoss(
  logits: tf.Tensor4D,
  mask: tf.Tensor4D,
  options: WeightedBceOptions = {},
): tf.Scalar {
  return tf.tidy(() => {
    const weight = options.weight ?? boundaryWeight(mask);
    return tf.add(
      weightedBceLoss(logits, mask, { ...options, weight }),
      weightedIouLoss(logits, mask, { weight }),
    );
  });
}
