import type { Recipe } from '../recipe.js';

/** Where training stands. `step` counts optimiser steps from 0, `epoch` from 1. */
export interface Position {
  readonly step: number;
  readonly epoch: number;
  readonly totalSteps: number;
}

/**
 * The learning rate of an optimiser step.
 *
 * - `constant`: always `learningRate`.
 * - `warmup-cosine`: linear up to `learningRate` over `warmupSteps`, then half a cosine that reaches 0 at the end.
 * - `released`: what the released code's `adjust_lr` does, differs from the paper's constant rate: at every epoch it
 *   multiplies the *current* rate by `0.1 ^ floor(epoch / 50)`, so that 1e-4 holds to epoch 49, then 1e-5 (50), 1e-6
 *   (51), 1e-15 (60), 1e-54 (99).
 */
export function learningRateAt(
  recipe: Pick<Recipe, 'schedule' | 'learningRate' | 'warmupSteps'>,
  position: Position,
): number {
  const { learningRate, warmupSteps } = recipe;
  switch (recipe.schedule) {
    case 'constant':
      return learningRate;
    case 'warmup-cosine': {
      const { step, totalSteps } = position;
      if (step < warmupSteps) return (learningRate * (step + 1)) / warmupSteps;
      const progress = (step - warmupSteps) / Math.max(totalSteps - warmupSteps, 1);
      return (learningRate * (1 + Math.cos(Math.PI * progress))) / 2;
    }
    case 'released': {
      let rate = learningRate;
      for (let epoch = 1; epoch <= position.epoch; epoch++) rate *= 0.1 ** Math.floor(epoch / 50);
      return rate;
    }
  }
}
