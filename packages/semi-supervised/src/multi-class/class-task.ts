import { classMetadata, type ClassActivation, type ClassFacts } from '@infnet/core-model';
import type { NetworkRecipe } from '../recipe.js';
import type { Task } from '../task.js';
import { composeClassBatch, type ClassBatch } from './batch.js';
import { classObjective, type ClassLoss, type ClassNetwork } from './class-objective.js';
import type { PreparedClassSample } from './sample.js';
import { validateClasses } from './validate-classes.js';

/** Slices with a label map; the network learns to tell the classes apart. */
export type ClassTask = Task<ClassNetwork, PreparedClassSample, ClassBatch>;

/** How the logits of a network become probabilities that was trained with this loss. */
export function activationOf(loss: ClassLoss): ClassActivation {
  return loss === 'reference' ? 'sigmoid' : 'softmax';
}

/**
 * Several classes as a task of the trainer: `classes` are their names by label, from 1; `prior` says where the samples'
 * infection maps came from, and is kept with the model.
 */
export function classTask(
  recipe: NetworkRecipe,
  { loss, classes, prior }: { readonly loss: ClassLoss } & Pick<ClassFacts, 'classes' | 'prior'>,
): ClassTask {
  const activation = activationOf(loss);
  return {
    objective: classObjective(loss),
    description: { classes, prior },
    purpose: `Tells ${classes.join(', ')} apart in axial CT slices: a probability of each, and of the background, for every pixel.`,
    metadata: classMetadata({ classes, activation, prior }),
    compose: (slices, place) => composeClassBatch(slices, recipe, place, { classes: classes.length }),
    validate: (model, slices, { batchSize }) =>
      validateClasses(model, slices, { batchSize, activation, names: classes }),
    bytesOf: ({ image, labels, prior: map }) => (map ? [image, labels, map] : [image, labels]),
  };
}
