import { deepSupervisionLoss, type DeepSupervisionOptions } from '@infnet/losses';
import { batchTensors, partOfBatch, type Batch } from '../data/batch.js';
import type { TrainableModel } from '../model.js';
import type { Objective } from './objective.js';

/** The paper's total loss (section III-A): S_g, S_5, S_4 and S_3 against the mask, S_e against its edge. */
export function deepSupervision(options: DeepSupervisionOptions = {}): Objective<TrainableModel, Batch> {
  return {
    description: { name: 'deep-supervision', ...options },
    part: partOfBatch,
    prepare(batch, { model }) {
      const { images, masks, edges } = batchTensors(batch); // [B,H,W,3], [B,H,W,1], [B,H,W,1]
      return () =>
        deepSupervisionLoss(model.forward(images, { training: true }), { mask: masks, edge: edges }, options);
    },
  };
}
