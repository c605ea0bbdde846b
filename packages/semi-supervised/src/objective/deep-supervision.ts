import { deepSupervisionLoss, type DeepSupervisionOptions } from '@infnet/losses';
import { batchTensors, partOfBatch, type Batch } from '../data/batch.js';
import type { TrainableModel } from '../model.js';
import type { Objective } from './objective.js';

/**
 * The paper's total loss (section III-A): S_g, S_5, S_4 and S_3 against the mask, S_e against its edge. Where a batch says how
 * far its labels are to be trusted, pixel by pixel, that is a factor on their weights.
 */
export function deepSupervision(options: DeepSupervisionOptions = {}): Objective<TrainableModel, Batch> {
  return {
    description: { name: 'deep-supervision', ...options },
    part: partOfBatch,
    prepare(batch, { model }) {
      const { images, masks, edges, certainty } = batchTensors(batch); // [B,H,W,3], [B,H,W,1] thrice
      const targets = { mask: masks, edge: edges, ...(certainty && { certainty }) };
      return () => deepSupervisionLoss(model.forward(images, { training: true }), targets, options);
    },
  };
}
