import { normaliseSlices } from '@infnet/core-model';
import { maskedBceLoss } from '@infnet/losses';
import * as tf from '@tensorflow/tfjs';
import { batchTensors } from '../data/batch.js';
import type { SideOutputs, TrainableModel } from '../model.js';
import type { Objective } from '../objective/objective.js';
import { rampUp } from '../objective/ramp-up.js';
import { supervision, type SupervisionOptions } from '../objective/supervision.js';
import { partOfViews, type TwoViewBatch } from './views.js';

/** How a student learns from its teacher. */
export interface MeanTeacherOptions extends SupervisionOptions {
  /** Factor on what unlabelled slices add, when it is all in. Default 1. */
  readonly unlabelledWeight?: number;
  /** Optimiser steps until it is; see `rampUp`. Default 0: from the start. */
  readonly rampUpSteps?: number;
  /**
   * How the teacher's probability p is taken. `threshold` (default; FixMatch): cut at 0.5, where p or 1 − p reaches
   * `threshold`, and not at all elsewhere. `weighted`: as it is, weighted by |2p − 1|.
   */
  readonly confidence?: 'threshold' | 'weighted';
  /** Default 0.95, as in FixMatch. */
  readonly threshold?: number;
}

const MAPS = ['globalMap', 's5', 's4', 's3'] as const;

/**
 * Mean teacher with a weak and a strong view (Tarvainen and Valpola, NeurIPS 2017; Sohn et al., FixMatch, NeurIPS 2020).
 *
 * The teacher is the moving average of the weights that the trainer keeps, in evaluation mode: its S_3 of a weak view is what
 * the student's S_g, S_5, S_4 and S_3 of the strong view are held against, by binary cross entropy where the teacher is
 * confident. Labelled slices count as ever; the edge map learns from those alone. Labelled and strong slices go through
 * the student together, so that batch norm sees both.
 */
export function meanTeacher(options: MeanTeacherOptions = {}): Objective<TrainableModel, TwoViewBatch> {
  const {
    unlabelledWeight = 1,
    rampUpSteps = 0,
    confidence = 'threshold',
    threshold = 0.95,
    ...supervised
  } = options;
  return {
    description: {
      name: 'mean-teacher',
      unlabelledWeight,
      rampUpSteps,
      confidence,
      ...(confidence === 'threshold' && { threshold }),
      ...supervised,
    },
    part: partOfViews,
    prepare(batch, { model, step, averaged, sharedBatch }) {
      const tensors = batchTensors(batch.labelled); // images [L,H,W,3], masks and edges [L,H,W,1]
      const count = batch.labelled.ids.length;
      const labelledLoss = supervision(batch.labelled, tensors, step, supervised);
      const weak = normalised(batch.weak, batch.size); // [U,H,W,3]
      const strong = normalised(batch.strong, batch.size); // [U,H,W,3]
      const p = averaged(() => model.forward(weak, { training: false }).s3.sigmoid<tf.Tensor4D>()); // [U,H,W,1]
      const { target, weight } =
        confidence === 'threshold' ? confident(p, threshold) : { target: p, weight: doubled(p) };
      const factor = unlabelledWeight * rampUp(step, rampUpSteps);
      const both = tf.concat4d([tensors.images, strong], 0); // [L+U,H,W,3]
      return () => {
        const maps = model.forward(both, { training: true, sharedBatch });
        const unlabelled = sliced(maps, count, p.shape[0]);
        return MAPS.reduce<tf.Scalar>(
          (sum, name) => sum.add(maskedBceLoss(unlabelled[name], target, weight).mul(factor)),
          labelledLoss(sliced(maps, 0, count)),
        );
      };
    },
  };
}

/** Where p is near 0 or 1, that, with weight 1. */
function confident(p: tf.Tensor4D, threshold: number): { target: tf.Tensor4D; weight: tf.Tensor4D } {
  const certainty = tf.maximum<tf.Tensor4D>(p, tf.sub(1, p)); // [U,H,W,1], 0.5 … 1
  return {
    target: tf.cast(p.greaterEqual(0.5), 'float32') as tf.Tensor4D,
    weight: tf.cast(certainty.greaterEqual(threshold), 'float32') as tf.Tensor4D,
  };
}

/** |2p − 1| */
function doubled(p: tf.Tensor4D): tf.Tensor4D {
  return p.mul(2).sub<tf.Tensor4D>(1).abs();
}

/** Slices of 0 … 255 one after the other as [U,H,W,3]. */
function normalised(pictures: Float32Array, size: number): tf.Tensor4D {
  const pixels = size * size;
  const slices = Array.from({ length: pictures.length / pixels }, (_, i) =>
    pictures.subarray(i * pixels, (i + 1) * pixels),
  );
  return normaliseSlices(slices, size, size);
}

/** The maps of `count` slices from `begin` on, [count,H,W,1]. */
function sliced(maps: SideOutputs, begin: number, count: number): SideOutputs {
  const of = (map: tf.Tensor4D): tf.Tensor4D => tf.slice4d(map, [begin, 0, 0, 0], [count, -1, -1, -1]);
  return {
    globalMap: of(maps.globalMap),
    s5: of(maps.s5),
    s4: of(maps.s4),
    s3: of(maps.s3),
    edge: of(maps.edge),
  };
}
