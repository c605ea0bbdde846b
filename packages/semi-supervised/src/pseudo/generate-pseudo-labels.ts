import * as tf from '@tensorflow/tfjs';
import { hashSlices, hashStateDict } from '../checkpoint/run-config.js';
import { gatherData, type DataSource, type TrainingData, type ValidationShare } from '../data/gather-data.js';
import type { PreparedSample } from '../data/sample.js';
import { bytesOfSample } from '../infection-task.js';
import type { TrainableModel } from '../model.js';
import { resolveRecipe } from '../presets.js';
import { checkRecipe, type Recipe } from '../recipe.js';
import { VERSIONS } from '../training-run.js';
import type { WorkerOptions } from '../worker-options.js';
import type { PropagationEvent } from './events.js';
import { planGroups, type GroupOptions } from './groups.js';
import type { PseudoLabelIO } from './label-folder.js';
import { PropagationFolder, type PropagationConfig } from './propagation-folder.js';
import { propagationRecipe } from './propagation-recipe.js';
import { PropagationRun } from './propagation-run.js';
import { resolveStyle, type PseudoLabelStyle } from './pseudo-label.js';
import { listUnlabelled } from './unlabelled-folder.js';

/** What pseudo labels are made from, and how. */
export interface PseudoLabelOptions extends GroupOptions, PseudoLabelStyle, WorkerOptions {
  /** Trained on the labelled slices; fine-tuned in place, round by round. */
  readonly model: TrainableModel;
  readonly labelled: DataSource;
  /** Folder of images, or with images in its `Imgs`. */
  readonly unlabelled: string;
  /** Slices to watch the rounds by; never trained on. Default: none. */
  readonly validation?: DataSource | ValidationShare;
  readonly io: PseudoLabelIO;
  /** Of the fine-tuning in each round. Default: `propagationRecipe` of the preset `default`. */
  readonly recipe?: Recipe;
  /** Of groups, order and augmentation. Default 0. */
  readonly seed?: number;
  /** Where everything is kept. */
  readonly runFolder: string;
  /** Go on with what is in `runFolder`, if there is something. Default false: a folder with a run is refused. */
  readonly resume?: boolean;
  /** Stops after the step under way; the promise rejects with the signal's reason and nothing is lost. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: PropagationEvent) => void;
}

/** What propagation gave. */
export interface PseudoLabelResult {
  /** Folder of the pseudo-labelled slices in the authors' layout. */
  readonly folder: string;
  /** The pseudo-labelled slices, prepared at the recipe's size. */
  readonly samples: readonly PreparedSample[];
  /** Ids that were left out because their image could not be read. */
  readonly leftOut: readonly string[];
  /** The network after the last round. */
  readonly modelPath: string;
}

/**
 * Pseudo labels by randomly selected propagation: Algorithm 1 of the paper (section III-B).
 *
 * The unlabelled slices are divided into random groups of K. Each round predicts one group with the network as it is, takes
 * maps and their edges as labels, adds the group to the training set, and fine-tunes on all of it; until no slice is left.
 *
 * It may be killed at any moment. The same call with `resume` goes on where it was, and ends with the very bytes of an
 * undisturbed one, on this machine or on another with the same folder and backend.
 *
 * @throws DatasetError when there is nothing to train on or to label; single bad images are warnings
 * @throws TrainingError for options out of range, another run's folder, a damaged checkpoint, a folder not writable
 */
export async function generatePseudoLabels(options: PseudoLabelOptions): Promise<PseudoLabelResult> {
  const { seed = 0, resume = false, io } = options;
  const recipe = checkRecipe(options.recipe ?? propagationRecipe(resolveRecipe('default')));
  const data = await gatherData({
    data: options.labelled,
    validation: options.validation ?? { fraction: 0 },
    io,
    size: recipe.size,
    seed,
    maskValues: 'binary',
    signal: options.signal,
  });
  const listing = await listUnlabelled(options.unlabelled);
  const config = await describe(options, recipe, data, listing.slices);
  const { folder, state } = await PropagationFolder.open(options.runFolder, config, { resume, io });
  const run = new PropagationRun(options, config, { data, listing }, folder, state);
  return run.complete();
}

async function describe(
  { model, seed = 0, ...options }: PseudoLabelOptions,
  recipe: Recipe,
  { training, validation }: TrainingData,
  unlabelled: readonly { readonly id: string; readonly hash: string }[],
): Promise<PropagationConfig> {
  const ids = unlabelled.map(({ id }) => id);
  return {
    format: 'infnet-propagation',
    versions: VERSIONS,
    backend: tf.getBackend(),
    seed,
    recipe,
    style: resolveStyle(options),
    architecture: model.options,
    initialWeights: hashStateDict(await model.stateDict()),
    labelled: hashSlices(training, bytesOfSample),
    validation: hashSlices(validation, bytesOfSample),
    unlabelled: Object.fromEntries(unlabelled.map(({ id, hash }) => [id, hash])),
    groups: planGroups(ids, seed, options),
  };
}
