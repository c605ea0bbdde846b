import { checkRecipe, type Recipe } from '../recipe.js';

/**
 * How the network is fine-tuned after each group of Algorithm 1: a recipe with size, augmentation, scales, loss and batch
 * of `base`, and for the rest what the released code does, about which the paper says nothing: 9 epochs (`range(1, 10)`)
 * at a constant 3e-4, Adam anew each round, no averaging. Batches of 16 are the paper's.
 *
 * @throws TrainingError `invalid-option`
 */
export function propagationRecipe(base: Recipe, overrides: Partial<Omit<Recipe, 'preset'>> = {}): Recipe {
  return checkRecipe({
    ...base,
    preset: `${base.preset}-propagation`,
    epochs: 9,
    learningRate: 3e-4,
    schedule: 'constant',
    warmupSteps: 0,
    averageDecay: 0,
    ...overrides,
  });
}
