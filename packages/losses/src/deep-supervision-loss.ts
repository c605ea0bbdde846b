import * as tf from '@tensorflow/tfjs-core';
import { boundaryWeight } from './boundary-weight.js';
import { edgeLoss } from './edge-loss.js';
import { checkPair, LossError } from './errors.js';
import { structureLoss } from './structure-loss.js';
import { weightedBceLoss } from './weighted-bce-loss.js';
import { weightedIouLoss } from './weighted-iou-loss.js';

/** The five maps of Inf-Net, logits [B,H,W,1]. */
export interface SupervisedMaps {
  readonly globalMap: tf.Tensor4D;
  readonly s5: tf.Tensor4D;
  readonly s4: tf.Tensor4D;
  readonly s3: tf.Tensor4D;
  readonly edge: tf.Tensor4D;
}

/** What they are held against, [B,H,W,1] in [0,1]. */
export interface SupervisedTargets {
  readonly mask: tf.Tensor4D;
  readonly edge: tf.Tensor4D;
  /**
   * How far each pixel's label is to be trusted, for pseudo labels: a factor on its weight in every term. It counts within its
   * image; an image that is 0 everywhere adds nothing. Default: every pixel fully.
   */
  readonly certainty?: tf.Tensor4D;
}

export interface DeepSupervisionOptions {
  /** See `weightedBceLoss`. Default `paper`. */
  readonly compat?: 'paper' | 'reference';
  /** Factor on the edge loss. Default 1. */
  readonly edgeWeight?: number;
}

/** The terms of the total loss, and their sum. */
export type DeepSupervisionParts = Record<keyof SupervisedMaps | 'total', tf.Scalar>;

/**
 * The paper's total loss (section III-A, loss function): L_seg of S_g, S_5, S_4 and S_3, plus L_edge.
 * @throws {LossError} for shapes that do not fit.
 */
export function deepSupervisionLoss(
  maps: SupervisedMaps,
  targets: SupervisedTargets,
  options: DeepSupervisionOptions = {},
): tf.Scalar {
  return tf.tidy(() => deepSupervisionParts(maps, targets, options).total);
}

/** The terms of `deepSupervisionLoss`, the edge's before its factor, and the total. */
export function deepSupervisionParts(
  maps: SupervisedMaps,
  { mask, edge, certainty }: SupervisedTargets,
  { compat = 'paper', edgeWeight = 1 }: DeepSupervisionOptions = {},
): DeepSupervisionParts {
  checkPair(maps.s3, mask);
  if (!(Number.isFinite(edgeWeight) && edgeWeight >= 0)) {
    throw new LossError('invalid-option', `edgeWeight is ${edgeWeight}`, 'give a number from 0 upwards');
  }
  return tf.tidy(() => {
    const boundary = boundaryWeight(mask); // [B,H,W,1], once for all four maps
    const weight = certainty ? (tf.mul(boundary, certainty) as tf.Tensor4D) : boundary;
    const segmentation = (logits: tf.Tensor4D): tf.Scalar =>
      certainty && compat === 'reference'
        ? tf.add(
            weightedBceLoss(logits, mask, { weight: certainty }),
            weightedIouLoss(logits, mask, { weight }),
          )
        : structureLoss(logits, mask, { compat, weight });
    const [globalMap, s5, s4, s3] = [maps.globalMap, maps.s5, maps.s4, maps.s3].map(segmentation) as Four;
    const edgeTerm = certainty
      ? weightedBceLoss(maps.edge, edge, { weight: certainty })
      : edgeLoss(maps.edge, edge);
    const total = [globalMap, s5, s4, s3].reduce(
      (sum, part) => tf.add(sum, part),
      tf.mul(edgeTerm, edgeWeight) as tf.Scalar,
    );
    return { globalMap, s5, s4, s3, edge: edgeTerm, total };
  });
}

type Four = [tf.Scalar, tf.Scalar, tf.Scalar, tf.Scalar];
