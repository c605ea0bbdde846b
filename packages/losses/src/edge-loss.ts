import type * as tf from '@tensorflow/tfjs-core';
import { checkPair } from './errors.js';
import { meanBceLoss } from './weighted-bce-loss.js';

/**
 * The paper's edge loss L_edge (Eq. 1): binary cross entropy between edge map and edge ground truth, averaged over the
 * batch.
 *
 * @param logits [B,H,W,1]
 * @param edge [B,H,W,1] in [0,1]
 * @throws {LossError} for other shapes.
 */
export function edgeLoss(logits: tf.Tensor4D, edge: tf.Tensor4D): tf.Scalar {
  checkPair(logits, edge);
  return meanBceLoss(logits, edge);
}
