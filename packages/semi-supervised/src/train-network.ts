import * as tf from '@tensorflow/tfjs';
import type { RunConfig } from './checkpoint/run-config.js';
import type { RunProgress } from './checkpoint/training-state.js';
import type { TrainingData } from './data/gather-data.js';
import type { GreyImage } from './data/sample.js';
import { TrainingError } from './errors.js';
import type { TrainingEvent } from './events.js';
import type { TrainableNetwork } from './model.js';
import type { NetworkTrainer } from './network-trainer.js';
import type { TrainingBatch } from './objective/objective.js';
import { checkRecipe, type NetworkRecipe } from './recipe.js';
import type { LabelledSlice, Task } from './task.js';
import { Trainer } from './trainer.js';
import { TrainingRun, VERSIONS, type OpenedRun } from './training-run.js';
import type { ValidationScores } from './validation.js';
import type { WorkerOptions } from './worker-options.js';

/** Options of every training run. */
export interface RunOptions extends WorkerOptions {
  /** The model's weights are not random. Default false. */
  readonly pretrained?: boolean;
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
  /**
   * A grey picture as the bytes of a file, PNG in the report's eyes. With it, a run folder keeps pictures of a few
   * validation slices through the training.
   */
  readonly encodeGrey?: (image: GreyImage) => Uint8Array;
  /** What the network starts from, in words, for its model card. Default: random or pre-trained weights. */
  readonly origin?: string;
  /** Stops between two steps, with a checkpoint; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: TrainingEvent) => void;
}

/** A network, what it is to learn, and from what. */
export interface NetworkTrainingOptions<
  Model extends TrainableNetwork,
  Slice extends LabelledSlice,
  Batch extends TrainingBatch,
> extends RunOptions {
  /** Trained in place; holds the averaged weights at the end. */
  readonly model: Model;
  readonly task: Task<Model, Slice, Batch>;
  /** Slices to learn from and to validate on (none is fine); each problem becomes a warning. */
  readonly data: TrainingData<Slice>;
  readonly recipe: NetworkRecipe;
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
 * Trains any network on any task. Per step: compose a batch, forward, loss, backward, clamp, optimiser, average. On one
 * backend, with one seed and as many workers, the result is the same to the last bit, no matter how often the run was
 * interrupted and resumed.
 *
 * @throws NonFiniteLossError naming the images of the batch
 * @throws TrainingError for options out of range, a run folder in use, another run's folder, a damaged checkpoint;
 *   `worker-died`; InfNetError of what a worker failed of
 */
export async function trainNetwork<
  Model extends TrainableNetwork,
  Slice extends LabelledSlice,
  Batch extends TrainingBatch,
>(options: NetworkTrainingOptions<Model, Slice, Batch>): Promise<SupervisedResult> {
  const { runFolder } = options;
  checkRecipe(options.recipe);
  for (const name of ['checkpointEvery', 'validateEvery'] as const) checkCount(name, options[name], 'epochs');
  checkCount('workers', options.workers, 'threads');
  const trainer = await startTrainer(options);
  try {
    const opened = runFolder === undefined ? null : await openRun(runFolder, options);
    return await new TrainingRun(options, trainer, opened).complete();
  } finally {
    await trainer.dispose();
  }
}

function checkCount(name: string, count: number | 'auto' | undefined, of: string): void {
  if (count === undefined || count === 'auto' || (Number.isInteger(count) && count >= 1)) return;
  throw new TrainingError(
    'invalid-option',
    `${name} is ${count}`,
    `${name} has to be a number of ${of}, 1 or more.`,
  );
}

/** Workers are loaded only where there are to be some: without, this module runs in a browser. */
async function startTrainer<
  Model extends TrainableNetwork,
  Slice extends LabelledSlice,
  Batch extends TrainingBatch,
>({
  model,
  task: { objective },
  recipe,
  workers = 1,
  worker,
}: NetworkTrainingOptions<Model, Slice, Batch>): Promise<NetworkTrainer<Model, Batch>> {
  if (workers === 1) return new Trainer(model, objective, recipe);
  const { ParallelTrainer } = await import('./parallel/parallel-trainer.js');
  return ParallelTrainer.start({ model, objective, recipe, workers, worker });
}

/** File access is loaded only when there is a folder: without one, this module runs in a browser. */
async function openRun<
  Model extends TrainableNetwork,
  Slice extends LabelledSlice,
  Batch extends TrainingBatch,
>(
  path: string,
  {
    model,
    task,
    data,
    recipe,
    seed = 0,
    resume = false,
    encodeGrey,
  }: NetworkTrainingOptions<Model, Slice, Batch>,
): Promise<OpenedRun<Model>> {
  const { hashSlices, hashStateDict } = await import('./checkpoint/run-config.js');
  const { RunFolder } = await import('./checkpoint/run-folder.js');
  const { openStrips } = await import('./checkpoint/sample-strips.js');
  const config: RunConfig = {
    format: 'infnet-run',
    versions: VERSIONS,
    backend: tf.getBackend(),
    seed,
    recipe,
    task: { objective: task.objective.description, ...task.description },
    architecture: model.options,
    initialWeights: hashStateDict(await model.stateDict()),
    training: hashSlices(data.training, task.bytesOf),
    validation: hashSlices(data.validation, task.bytesOf),
    ...(task.unlabelled && { unlabelled: task.unlabelled }),
  };
  const opened = await RunFolder.open(path, config, { resume });
  const strips =
    encodeGrey && task.pictures && data.validation.length > 0
      ? await openStrips(path, { pictures: task.pictures, encodeGrey, seed }, data.validation)
      : null;
  return { ...opened, strips };
}
