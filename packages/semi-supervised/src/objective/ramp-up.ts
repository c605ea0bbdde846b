import { stepsPerEpoch } from '../plan.js';
import type { Recipe } from '../recipe.js';

/** Share of a run's steps in which what is not to be trusted at first comes in. */
const SHARE = 0.4;

/** Optimiser steps until a term is all in that comes in bit by bit: 40 % of those of a run on `slices` slices. */
export function rampLength(recipe: Pick<Recipe, 'epochs' | 'batchSize' | 'scales'>, slices: number): number {
  return Math.round(SHARE * recipe.epochs * stepsPerEpoch(slices, recipe));
}

/**
 * How far a term that is not to be trusted at first has come in: `exp(-5 (1 - t)²)` with t the share of the ramp that is
 * behind, 1 after it (Laine and Aila, ICLR 2017; Tarvainen and Valpola, NeurIPS 2017).
 *
 * @param step optimiser steps made
 * @param steps length of the ramp; 0 for none
 */
export function rampUp(step: number, steps: number): number {
  const left = 1 - Math.min(step / steps, 1);
  return steps > 0 ? Math.exp(-5 * left * left) : 1;
}
