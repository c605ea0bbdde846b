import { batchTensors, partOfBatch, type Batch } from '../data/batch.js';
import type { TrainableModel } from '../model.js';
import type { Objective } from './objective.js';
import { supervision, type SupervisionOptions } from './supervision.js';

/**
 * The paper's total loss (section III-A): S_g, S_5, S_4 and S_3 against the mask, S_e against its edge; and the boundary loss
 * of S_3 where asked for. Where a batch says how far its labels are to be trusted, pixel by pixel, that is a factor on their
 * weights.
 */
export function deepSupervision(options: SupervisionOptions = {}): Objective<TrainableModel, Batch> {
  return {
    description: { name: 'deep-supervision', ...options },
    part: partOfBatch,
    prepare(batch, { model, step, sharedBatch }) {
      const tensors = batchTensors(batch); // images [B,H,W,3], masks and edges [B,H,W,1]
      const loss = supervision(batch, tensors, step, options);
      return () => loss(model.forward(tensors.images, { training: true, sharedBatch }));
    },
  };
}
