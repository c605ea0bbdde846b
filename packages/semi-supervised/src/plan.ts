import { Random, shuffled } from './random.js';
import type { Recipe } from './recipe.js';

/** One optimiser step to be made. */
export interface PlannedStep {
  /** From 0. */
  readonly step: number;
  /** From 1. */
  readonly epoch: number;
  /** Indices of the batch's slices. */
  readonly indices: readonly number[];
  /** Multi-scale factor. */
  readonly scale: number;
  readonly endsEpoch: boolean;
}

/** Optimiser steps in one epoch of `count` slices. */
export function stepsPerEpoch(count: number, recipe: Pick<Recipe, 'batchSize' | 'scales'>): number {
  return Math.ceil(count / recipe.batchSize) * recipe.scales.length;
}

/**
 * The steps of a run from `begin` on: every epoch a new seeded order, every batch once per scale. A step depends on its
 * number and the seed alone, so a run can be taken up anywhere.
 */
export function* planSteps(
  count: number,
  recipe: Pick<Recipe, 'batchSize' | 'scales' | 'epochs'>,
  seed: number,
  begin = 0,
): Generator<PlannedStep> {
  const { batchSize, scales, epochs } = recipe;
  const perEpoch = stepsPerEpoch(count, recipe);
  const slices = Array.from({ length: count }, (_, index) => index);
  let order: readonly number[] = [];
  for (let step = begin; step < epochs * perEpoch; step++) {
    const epoch = Math.floor(step / perEpoch) + 1;
    const within = step % perEpoch;
    if (step === begin || within === 0) order = shuffled(slices, Random.of(seed, 'order', epoch));
    const first = Math.floor(within / scales.length) * batchSize;
    yield {
      step,
      epoch,
      indices: order.slice(first, first + batchSize),
      scale: scales[within % scales.length] as number,
      endsEpoch: within === perEpoch - 1,
    };
  }
}
