import { composeBatch, type Batch } from './data/batch.js';
import type { PreparedSample } from './data/sample.js';
import type { TrainableModel } from './model.js';
import type { Objective } from './objective/objective.js';
import type { Recipe } from './recipe.js';
import type { Task, TaskPictures } from './task.js';
import { predictSamples, validate } from './validation.js';

/** Slices with a mask of the infection; the network learns to find it. */
export type InfectionTask = Task<TrainableModel, PreparedSample, Batch>;

/** @param objective such as `deepSupervision(supervisionOf(recipe, slices))` */
export function infectionTask(recipe: Recipe, objective: Objective<TrainableModel, Batch>): InfectionTask {
  return {
    ...infection(),
    objective,
    compose: (slices, place) => composeBatch(slices, recipe, place),
  };
}

/** What is the same for every way to learn it. */
export function infection(): Omit<InfectionTask, 'objective' | 'compose'> {
  return {
    purpose: 'Finds infected regions of the lung in axial CT slices: a probability for every pixel.',
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
