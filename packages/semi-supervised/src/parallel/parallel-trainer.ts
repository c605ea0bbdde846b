import { MODEL_NAMES, type PoolWorker } from '@infnet/core-model';
import * as tf from '@tensorflow/tfjs';
import { NonFiniteLossError, TrainingError } from '../errors.js';
import type { TrainableNetwork } from '../model.js';
import type { NetworkTrainer } from '../network-trainer.js';
import type { Objective, TrainingBatch } from '../objective/objective.js';
import type { NetworkRecipe } from '../recipe.js';
import type { StepReport, TrainerState } from '../trainer.js';
import { checkMemory } from './check-memory.js';
import { divideStep } from './divide.js';
import { CONVOLUTIONS, type ToWorker, type WorkerAnswer } from './messages.js';
import { objectiveOf, SHARED_OBJECTIVES } from './objective-of.js';
import { shareArrays } from './share-arrays.js';
import { slotMemory } from './slots.js';
import { startWorker, WorkerThreads } from './worker-threads.js';

/** What is trained together. */
export interface ParallelTraining<Model extends TrainableNetwork, Batch extends TrainingBatch> {
  readonly model: Model;
  readonly objective: Objective<Model, Batch>;
  readonly recipe: NetworkRecipe;
  readonly workers: number;
  /** Starts a worker. Default: this package's. */
  readonly worker?: (() => PoolWorker) | undefined;
}

/**
 * A network in training in several threads: synchronous data parallelism. Each worker has the whole network and its share of
 * every batch's slices; batch norm goes by all of them, gradients are added up, and every worker makes the same optimiser
 * step, so that their weights stay equal to the last bit. It is what a `Trainer` does, to rounding.
 *
 * The model of this thread only holds what the workers have where it is looked at.
 */
export class ParallelTrainer<
  Model extends TrainableNetwork,
  Batch extends TrainingBatch,
> implements NetworkTrainer<Model, Batch> {
  readonly model: Model;
  readonly parameterCount: number;
  readonly #training: ParallelTraining<Model, Batch>;
  readonly #threads: WorkerThreads;
  #steps = 0;

  private constructor(
    training: ParallelTraining<Model, Batch>,
    threads: WorkerThreads,
    parameterCount: number,
  ) {
    this.model = training.model;
    this.parameterCount = parameterCount;
    this.#training = training;
    this.#threads = threads;
  }

  /**
   * Starts the workers, with the network as it is.
   *
   * @throws TrainingError `invalid-option` for what cannot be trained so; `worker-died`; BackendLimitError where memory is short;
   *   InfNetError of what a worker failed of
   */
  static async start<Model extends TrainableNetwork, Batch extends TrainingBatch>(
    training: ParallelTraining<Model, Batch>,
  ): Promise<ParallelTrainer<Model, Batch>> {
    const { model, objective, recipe, workers, worker = startWorker } = training;
    const network = { name: checkWorkers(training), options: model.options };
    checkMemory(model, recipe, workers);
    const memory = slotMemory(workers);
    const threads = new WorkerThreads(workers, memory, worker);
    try {
      const weights = shareArrays(await model.stateDict());
      const { description } = objective;
      const common = {
        type: 'start',
        workers,
        memory,
        network,
        weights,
        objective: description,
        recipe,
        convolutions: tf.env().getBool(CONVOLUTIONS),
      } as const;
      const answers = await threads.ask(Array.from({ length: workers }, (_, own) => ({ ...common, own })));
      return new ParallelTrainer(training, threads, answers[0]!.parameters!);
    } catch (error) {
      await threads.terminate();
      throw error;
    }
  }

  async step(batch: Batch, learningRate: number): Promise<StepReport> {
    const { objective, recipe, workers } = this.#training;
    const { microBatchSize } = recipe;
    const part = (whole: Batch, begin: number, end: number): Batch =>
      shareArrays(objective.part(whole, begin, end));
    const divided = divideStep(batch, { workers, microBatchSize, part });
    const [first] = await this.#threads.ask(
      divided.map((passes) => ({ type: 'step', passes: passes as never[], learningRate })),
    );
    const { finite, ...report } = first!.report!;
    if (!finite) throw new NonFiniteLossError(batch.ids, report.loss, this.#steps + 1);
    this.#steps += 1;
    return report;
  }

  async withAverage<T>(run: () => Promise<T>): Promise<T> {
    await this.adoptAverage();
    return run();
  }

  async adoptAverage(): Promise<void> {
    const { weights } = await this.#askFirst({ type: 'weights', averaged: true });
    this.model.loadStateDict(weights!);
  }

  /** Where the workers still live. */
  async adoptWeights(): Promise<void> {
    if (this.#threads.ended) return;
    const { weights } = await this.#askFirst({ type: 'weights', averaged: false });
    this.model.loadStateDict(weights!);
  }

  async state(): Promise<TrainerState> {
    return (await this.#askFirst({ type: 'state' })).state!;
  }

  restore(given: TrainerState): void {
    const state = shareArrays(given);
    this.#steps = state.optimiser.step;
    const restored = this.#threads.ask(
      Array.from({ length: this.#training.workers }, () => ({ type: 'restore', state })),
    );
    restored.catch(() => undefined); // what comes next fails of it too
  }

  async dispose(): Promise<void> {
    await this.#threads.terminate();
  }

  async #askFirst(message: ToWorker): Promise<WorkerAnswer> {
    return (await this.#threads.ask([message]))[0]!;
  }
}

/** Gives the name of the network. @throws TrainingError `invalid-option` */
function checkWorkers<Model extends TrainableNetwork, Batch extends TrainingBatch>({
  model,
  objective,
  recipe,
  workers,
}: ParallelTraining<Model, Batch>): string {
  const slices = Math.min(recipe.batchSize, recipe.microBatchSize);
  const name = (model as { readonly architecture?: unknown }).architecture;
  const rules: readonly (readonly [boolean, string, string])[] = [
    [
      tf.getBackend() === 'wasm',
      `workers train on the backend wasm, not on "${tf.getBackend()}"`,
      'Leave workers out, or select wasm.',
    ],
    [
      workers <= slices,
      `${workers} workers, and ${slices} slices to divide among them`,
      `Take at most ${slices} workers, or a larger batchSize and microBatchSize.`,
    ],
    [
      objectiveOf(objective.description) !== undefined,
      `workers do not know the objective ${JSON.stringify(objective.description['name'])}`,
      `Train it without workers; they know ${SHARED_OBJECTIVES.join(', ')}.`,
    ],
    [
      (MODEL_NAMES as readonly unknown[]).includes(name),
      'workers cannot make this network anew',
      'Train it without workers; they make what `createModel` of @infnet/core-model does.',
    ],
  ];
  for (const [fine, message, hint] of rules) {
    if (!fine) throw new TrainingError('invalid-option', message, hint);
  }
  return name as string;
}
