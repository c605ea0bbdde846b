import { composeBatch, type Batch } from './data/batch.js';
import type { PreparedSample } from './data/sample.js';
import type { TrainableModel } from './model.js';
import { deepSupervision } from './objective/deep-supervision.js';
import type { Objective } from './objective/objective.js';
import type { Recipe } from './recipe.js';
import type { Task, TaskPictures } from './task.js';
import { predictSamples, validate } from './validation.js';

/** Slices with a mask of the infection; the network learns to find it. */
export type InfectionTask = Task<TrainableModel, PreparedSample, Batch>;

/** @param objective default: {@link deepSupervision} with the recipe's weighting */
export function infectionTask(
  recipe: Recipe,
  objective: Objective<TrainableModel, Batch> = deepSupervision({ compat: recipe.loss }),
): InfectionTask {
  return {
    objective,
    purpose: 'Finds infected regions of the lung in axial CT slices: a probability for every pixel.',
    compose: (slices, place) => composeBatch(slices, recipe, place),
    validate,
    bytesOf: bytesOfSample,
    pictures: PICTURES,
  };
}

const PICTURES: TaskPictures<TrainableModel, PreparedSample> = {
  given: ({ size, image, mask }) => ({
    image: { width: size, height: size, data: image },
    mask: { width: size, height: size, data: mask },
  }),
  predict: async (model, samples) => {
    const maps = await predictSamples(model, samples);
    return samples.map(({ size }, index) => {
      const map = maps.subarray(index * size * size, (index + 1) * size * size);
      return { width: size, height: size, data: Uint8Array.from(map, (p) => Math.round(255 * p)) };
    });
  },
};

/** What training sees of a slice with a mask. */
export function bytesOfSample({ image, mask, edge, uncertainty }: PreparedSample): readonly Uint8Array[] {
  return uncertainty ? [image, mask, edge, uncertainty] : [image, mask, edge];
}
