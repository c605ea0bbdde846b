import type { AugmentMode } from './augment/draw.js';
import { TrainingError } from './errors.js';

/** How the learning rate runs; see `optim/schedule.ts`. */
export type ScheduleName = 'constant' | 'warmup-cosine' | 'released';

/** How any network is trained on any task, apart from data, network and seed. Plain JSON; stored with every run. */
export interface NetworkRecipe {
  /** Where the recipe started from: the name of a preset. */
  readonly preset: string;
  /** Side length of the training slices in pixels, a multiple of 32. */
  readonly size: number;
  /** Slices in a batch; the last batch of an epoch takes what is left. */
  readonly batchSize: number;
  /**
   * Slices in one forward pass. Below `batchSize`, gradients are summed over several passes: less memory, and batch
   * norm then sees the smaller batch, so the result is not that of the full batch.
   */
  readonly microBatchSize: number;
  readonly epochs: number;
  readonly optimiser: 'adam' | 'sgd';
  /** Of `'sgd'`. */
  readonly momentum: number;
  /** Of `'sgd'`: this share of each weight is added to its gradient. Default 0. */
  readonly weightDecay?: number;
  readonly learningRate: number;
  readonly schedule: ScheduleName;
  /** Optimiser steps of linear warm-up, of `'warmup-cosine'`. */
  readonly warmupSteps: number;
  /** Every gradient element is clamped to ± this; null for no clamp. */
  readonly clip: number | null;
  /** Decay of the moving average of weights and batch-norm statistics; 0 for none. */
  readonly averageDecay: number;
  readonly augment: AugmentMode;
  /** One optimiser step per batch and scale, in this order. */
  readonly scales: readonly number[];
}

/** How a network is trained to find infection. */
export interface Recipe extends NetworkRecipe {
  /** Edge ground truth: the rim of the (augmented) mask, or the data's own edges. */
  readonly edgeTarget: 'mask' | 'file';
  /** Per-pixel weighting of the BCE as in the paper, or the released code's plain mean. */
  readonly loss: 'paper' | 'reference';
  /** Weight of the boundary loss of S_3, which comes in over the first 40 % of the steps. Default 0: none. */
  readonly boundaryLoss?: number;
}

/**
 * @throws TrainingError `invalid-option`, naming the first option that is out of range
 */
export function checkRecipe<R extends NetworkRecipe>(recipe: R): R {
  const count = (value: number): boolean => Number.isInteger(value) && value >= 1;
  const { boundaryLoss = 0 }: Partial<Recipe> = recipe;
  const rules: readonly [keyof Recipe, boolean, string][] = [
    ['size', count(recipe.size) && recipe.size % 32 === 0, 'a positive multiple of 32'],
    ['batchSize', count(recipe.batchSize), 'an integer of at least 1'],
    ['microBatchSize', count(recipe.microBatchSize), 'an integer of at least 1'],
    ['epochs', count(recipe.epochs), 'an integer of at least 1'],
    ['momentum', recipe.momentum >= 0 && recipe.momentum < 1, 'in 0 … 1, below 1'],
    ['weightDecay', (recipe.weightDecay ?? 0) >= 0 && (recipe.weightDecay ?? 0) < 1, 'in 0 … 1, below 1'],
    ['learningRate', recipe.learningRate > 0 && recipe.learningRate < Infinity, 'above 0'],
    [
      'warmupSteps',
      Number.isInteger(recipe.warmupSteps) && recipe.warmupSteps >= 0,
      'an integer of at least 0',
    ],
    ['clip', recipe.clip === null || recipe.clip > 0, 'above 0, or null for none'],
    ['averageDecay', recipe.averageDecay >= 0 && recipe.averageDecay < 1, 'in 0 … 1, below 1'],
    ['boundaryLoss', boundaryLoss >= 0 && boundaryLoss < Infinity, '0 or more; 0.01 is usual'],
    ['scales', recipe.scales.length > 0 && recipe.scales.every((s) => s > 0), 'a list of factors above 0'],
  ];
  for (const [name, fine, expected] of rules) {
    if (fine) continue;
    throw new TrainingError(
      'invalid-option',
      `${name} is ${JSON.stringify((recipe as Partial<Recipe>)[name])}`,
      `${name} has to be ${expected}.`,
    );
  }
  return recipe;
}

/** Of a recipe what applies to any task: without what is said about masks and edges. */
export function networkRecipe(recipe: NetworkRecipe & Partial<Recipe>): NetworkRecipe {
  const { edgeTarget: _edgeTarget, loss: _loss, boundaryLoss: _boundaryLoss, ...rest } = recipe;
  return rest;
}
