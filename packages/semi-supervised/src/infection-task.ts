import { composeBatch, type Batch } from './data/batch.js';
import type { PreparedSample } from './data/sample.js';
import type { TrainableModel } from './model.js';
import { deepSupervision } from './objective/deep-supervision.js';
import type { Objective } from './objective/objective.js';
import type { Recipe } from './recipe.js';
import type { Task } from './task.js';
import { validate } from './validation.js';

/** Slices with a mask of the infection; the network learns to find it. */
export type InfectionTask = Task<TrainableModel, PreparedSample, Batch>;

/** @param objective default: {@link deepSupervision} with the recipe's weighting */
export function infectionTask(
  recipe: Recipe,
  objective: Objective<TrainableModel, Batch> = deepSupervision({ compat: recipe.loss }),
): InfectionTask {
  return {
    objective,
    compose: (slices, place) => composeBatch(slices, recipe, place),
    validate,
    bytesOf: bytesOfSample,
  };
}

/** What training sees of a slice with a mask. */
export function bytesOfSample({ image, mask, edge, uncertainty }: PreparedSample): readonly Uint8Array[] {
  return uncertainty ? [image, mask, edge, uncertainty] : [image, mask, edge];
}
