import * as tf from '@tensorflow/tfjs';
import type { RunConfig } from './checkpoint/run-config.js';
import type { RunProgress } from './checkpoint/training-state.js';
import { gatherData, type DataSource, type TrainingData, type ValidationShare } from './data/gather-data.js';
import type { MaskValues, SliceIO } from './data/sample.js';
import { TrainingError } from './errors.js';
import type { TrainingEvent } from './events.js';
import type { TrainableModel } from './model.js';
import { resolveRecipe } from './presets.js';
import { checkRecipe, type Recipe } from './recipe.js';
import { SupervisedRun, VERSIONS, type OpenedRun } from './supervised-run.js';
import { Trainer } from './trainer.js';
import type { ValidationScores } from './validation.js';

/** What a supervised run is made of. */
export interface SupervisedOptions {
  /** Trained in place; holds the averaged weights at the end. */
  readonly model: TrainableModel;
  /** The labelled slices: a folder with `Imgs`, `GT` and perhaps `Edge`, or samples in memory. */
  readonly data: DataSource;
  /** Slices to validate on, or the share of `data` to set aside. Default `{ fraction: 0.16 }`; 0 for none. */
  readonly validation?: DataSource | ValidationShare;
  /** Reads and resizes pictures; needed for folders and for samples of another size than the recipe's. */
  readonly io?: SliceIO;
  /** Default: the preset `default`. */
  readonly recipe?: Recipe;
  /** The model's weights are not random. Default false. */
  readonly pretrained?: boolean;
  /** `'soft'` for grey pseudo labels. Default `'binary'`. */
  readonly maskValues?: MaskValues;
  /** Of order, augmentation and split. Default 0. */
  readonly seed?: number;
  /** Where to keep configuration, log and checkpoints. Default: nowhere, and nothing can be resumed. */
  readonly runFolder?: string;
  /** Go on with the run in `runFolder`, if there is one. Default false: a folder with a run is refused. */
  readonly resume?: boolean;
  /** Epochs between checkpoints. Default `'auto'`: as often as costs less than 2 % of the time. */
  readonly checkpointEvery?: number | 'auto';
  /** Epochs between validations. Default: a twentieth of the epochs. The last epoch is always validated. */
  readonly validateEvery?: number;
  /** Stops between two steps, with a checkpoint; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: TrainingEvent) => void;
}

/** How a completed run ended. */
export interface SupervisedResult {
  readonly steps: number;
  readonly epochs: number;
  /** The last validation; null without validation slices, or when a run that was complete already is resumed. */
  readonly validation: ValidationScores | null;
  readonly best: RunProgress['best'];
  /** Path of `model.safetensors`; null without run folder. */
  readonly modelPath: string | null;
}

/**
 * Trains a network on labelled slices.
 *
 * Per step: augment a batch, forward, deep supervision, backward, clamp, optimiser, average. On one backend, and with
 * one seed, the result is the same to the last bit, no matter how often the run was interrupted and resumed.
 *
 * @throws DatasetError when no slice is usable; single bad files are warnings
 * @throws NonFiniteLossError naming the images of the batch
 * @throws TrainingError for options out of range, a run folder in use, another run's folder, a damaged checkpoint
 */
export async function trainSupervised(options: SupervisedOptions): Promise<SupervisedResult> {
  const { model, pretrained = false, seed = 0 } = options;
  const recipe = checkRecipe(options.recipe ?? resolveRecipe('default', {}, { pretrained }));
  for (const name of ['checkpointEvery', 'validateEvery'] as const) checkInterval(name, options[name]);
  const data = await gatherData({
    data: options.data,
    validation: options.validation ?? { fraction: 0.16 },
    io: options.io,
    size: recipe.size,
    seed,
    maskValues: options.maskValues ?? 'binary',
    signal: options.signal,
  });
  const opened =
    options.runFolder === undefined ? null : await openRun(options.runFolder, options, recipe, data);
  const trainer = new Trainer(model, recipe);
  try {
    return await new SupervisedRun(options, recipe, data, trainer, opened).complete();
  } finally {
    trainer.dispose();
  }
}

function checkInterval(name: string, epochs: number | 'auto' | undefined): void {
  if (epochs === undefined || epochs === 'auto' || (Number.isInteger(epochs) && epochs >= 1)) return;
  throw new TrainingError(
    'invalid-option',
    `${name} is ${epochs}`,
    `${name} has to be a number of epochs, 1 or more.`,
  );
}

/** File access is loaded only when there is a folder: without one, this module runs in a browser. */
async function openRun(
  path: string,
  { model, seed = 0, resume = false }: SupervisedOptions,
  recipe: Recipe,
  { training, validation }: TrainingData,
): Promise<OpenedRun> {
  const { hashSamples, hashStateDict } = await import('./checkpoint/run-config.js');
  const { RunFolder } = await import('./checkpoint/run-folder.js');
  const config: RunConfig = {
    format: 'infnet-run',
    versions: VERSIONS,
    backend: tf.getBackend(),
    seed,
    recipe,
    architecture: model.options,
    initialWeights: hashStateDict(await model.stateDict()),
    training: hashSamples(training),
    validation: hashSamples(validation),
  };
  return RunFolder.open(path, config, { resume });
}
