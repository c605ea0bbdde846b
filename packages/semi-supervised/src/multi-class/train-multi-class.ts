import { INFECTION_CLASSES } from '@infnet/core-model';
import type { ValidationShare } from '../data/gather-data.js';
import { TrainingError } from '../errors.js';
import { checkRecipe, networkRecipe, type NetworkRecipe } from '../recipe.js';
import { trainNetwork, type RunOptions, type SupervisedResult } from '../train-network.js';
import type { ClassLoss, ClassNetwork } from './class-objective.js';
import { resolveClassRecipe } from './class-presets.js';
import { classTask } from './class-task.js';
import { gatherClassData, type ClassDataSource } from './gather.js';
import { originOf, type ClassPrior } from './prior.js';
import type { ClassSliceIO } from './sample.js';

/** What a multi-class run is made of. */
export interface MultiClassOptions extends RunOptions {
  /** Trained in place; holds the averaged weights at the end. */
  readonly model: ClassNetwork;
  /** The labelled slices: a folder with `Imgs`, `GT` and perhaps `Prior`, or samples in memory. */
  readonly data: ClassDataSource;
  /** Where the infection maps come from that guide the network. */
  readonly prior: ClassPrior;
  /** Slices to validate on, or the share of `data` to set aside. Default `{ fraction: 0.16 }`; 0 for none. */
  readonly validation?: ClassDataSource | ValidationShare;
  /** Reads and resizes pictures; needed for folders and for samples of another size than the recipe's. */
  readonly io?: ClassSliceIO;
  /** Default: the preset `default` of `CLASS_PRESETS`. */
  readonly recipe?: NetworkRecipe;
  /** Default `cross-entropy-dice`. */
  readonly loss?: ClassLoss;
  /** Names of the classes by label, from 1. Default: ground-glass and consolidation. */
  readonly classes?: readonly string[];
}

/**
 * Trains a network to tell ground-glass opacity from consolidation, or other classes (paper, section III-D), guided by
 * infection maps. Everything of a run is as for `trainNetwork`: run folder, resuming, seed. The model file tells classes,
 * activation and the maps' origin.
 *
 * @throws DatasetError when no slice is usable; single bad files are warnings
 * @throws NonFiniteLossError, TrainingError as `trainNetwork`
 */
export async function trainMultiClass(options: MultiClassOptions): Promise<SupervisedResult> {
  const { model, prior, io, seed = 0, signal, loss = 'cross-entropy-dice' } = options;
  const { classes = INFECTION_CLASSES, validation = { fraction: 0.16 } } = options;
  checkNetwork(model, classes, prior);
  const recipe = networkRecipe(checkRecipe(options.recipe ?? resolveClassRecipe('default')));
  const data = await gatherClassData({
    data: options.data,
    validation,
    classes: classes.length,
    prior,
    io,
    size: recipe.size,
    seed,
    signal,
  });
  return trainNetwork({
    ...options,
    task: classTask(recipe, { loss, classes, prior: originOf(prior) }),
    data,
    recipe,
  });
}

function checkNetwork(model: ClassNetwork, classes: readonly string[], prior: ClassPrior): void {
  if (model.classes !== classes.length + 1) {
    throw new TrainingError(
      'invalid-option',
      `the network has ${model.classes} channels, there are ${classes.length} classes and the background`,
      `Make it with \`classes: ${classes.length + 1}\`.`,
    );
  }
  const isGuided = model.inputChannels === 6;
  if (isGuided === (prior.kind !== 'none')) return;
  throw new TrainingError(
    'invalid-option',
    isGuided
      ? 'the network takes an infection map, but the prior is none'
      : 'the network takes no infection map',
    'Make it with `prior: true` to guide it, with `prior: false` and the prior `none` not to.',
  );
}
