import { propagationRecipe } from '../pseudo/propagation-recipe.js';
import { resolveRecipe, type PresetName } from '../presets.js';
import { checkRecipe, type Recipe } from '../recipe.js';

/** The stages of Semi-Inf-Net, in their order. */
export type Stage = 'supervised' | 'propagation' | 'pre-train' | 'fine-tune';

/** A recipe for every stage. */
export type StageRecipes = Readonly<Record<Stage, Recipe>>;

/** The stages of training on pseudo labels that are made once, in their order. */
export type OneShotStage = 'supervised' | 'labelling' | 'student';

/** A recipe for teacher and student. */
export type OneShotRecipes = Readonly<Record<Exclude<OneShotStage, 'labelling'>, Recipe>>;

/** Learning rate of `default` and `short` when labelled slices follow pseudo-labelled ones (run P2-ft of the measurements). */
const FINE_TUNING_RATE = 5e-3;

/**
 * The recipes of a Semi-Inf-Net by the name of a supervised preset.
 *
 * - `paper`, `reference`: pre-training with batches of 24, propagation and fine-tuning with 16 (section IV-A), epochs and
 *   rate of the preset; propagation as {@link propagationRecipe} says.
 * - `default`, `short`: for small networks from random weights and a limited time: two (three) passes over the pseudo-
 *   labelled slices at the preset's rate, then the preset's epochs on the labelled ones at half of it.
 *
 * @param overrides replace single options in every stage
 * @param stages replace single options in one stage; they win
 * @throws TrainingError `invalid-option`
 */
export function semiSupervisedRecipes(
  name: PresetName,
  overrides: Partial<Omit<Recipe, 'preset'>> = {},
  stages: Readonly<Partial<Record<Stage, Partial<Omit<Recipe, 'preset'>>>>> = {},
): StageRecipes {
  const published = name === 'paper' || name === 'reference';
  const own: Readonly<Record<'pre-train' | 'fine-tune', Partial<Recipe>>> = published
    ? {
        'pre-train': { batchSize: 24, microBatchSize: 24 },
        'fine-tune': { batchSize: 16, microBatchSize: 16 },
      }
    : { 'pre-train': { epochs: name === 'short' ? 3 : 2 }, 'fine-tune': { learningRate: FINE_TUNING_RATE } };
  const stage = (which: Stage, changes: Partial<Omit<Recipe, 'preset'>> = {}): Recipe =>
    resolveRecipe(name, { ...changes, ...overrides, ...stages[which] });
  const base = stage('propagation', published ? { batchSize: 16, microBatchSize: 16 } : {});
  return {
    supervised: stage('supervised'),
    propagation: checkRecipe({ ...propagationRecipe(base), ...overrides, ...stages.propagation }),
    'pre-train': stage('pre-train', own['pre-train']),
    'fine-tune': stage('fine-tune', own['fine-tune']),
  };
}

/**
 * The recipes of teacher and student: the preset's for both. An epoch of the student's goes over labelled and pseudo-labelled
 * slices together, so with many of the latter a few epochs are as many steps as all of the teacher's.
 *
 * @param overrides replace single options of both
 * @param stages replace single options of one; they win
 * @throws TrainingError `invalid-option`
 */
export function oneShotRecipes(
  name: PresetName,
  overrides: Partial<Omit<Recipe, 'preset'>> = {},
  stages: Readonly<Partial<Record<keyof OneShotRecipes, Partial<Omit<Recipe, 'preset'>>>>> = {},
): OneShotRecipes {
  return {
    supervised: resolveRecipe(name, { ...overrides, ...stages.supervised }),
    student: resolveRecipe(name, { ...overrides, ...stages.student }),
  };
}
