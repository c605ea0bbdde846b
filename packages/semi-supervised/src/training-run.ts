import * as tf from '@tensorflow/tfjs';
import type { RunConfig } from './checkpoint/run-config.js';
import type { RunFolder } from './checkpoint/run-folder.js';
import type { SampleStrips } from './checkpoint/sample-strips.js';
import type { RunProgress, TrainingState } from './checkpoint/training-state.js';
import type { TrainingEvent } from './events.js';
import type { TrainableNetwork } from './model.js';
import type { TrainingBatch } from './objective/objective.js';
import type { NetworkTrainer } from './network-trainer.js';
import { learningRateAt } from './optim/schedule.js';
import { planSteps, stepsPerEpoch, type PlannedStep } from './plan.js';
import { learningRateTooLow } from './presets.js';
import type { LabelledSlice } from './task.js';
import type { NetworkTrainingOptions, SupervisedResult } from './train-network.js';
import type { ValidationScores } from './validation.js';
import { VERSION } from './version.js';

/** What a run's numbers depend on beside its configuration. */
export const VERSIONS: Readonly<Record<string, string>> = {
  '@infnet/semi-supervised': VERSION,
  '@tensorflow/tfjs': tf.version_core,
};

/** Share of the time that automatic checkpoints may take, and the least time between two of them. */
const CHECKPOINT_SHARE = 0.02;
const CHECKPOINT_SECONDS = 15;

/** A run folder made ready. */
export interface OpenedRun<Model> {
  readonly folder: RunFolder;
  readonly state: TrainingState | null;
  readonly versions: RunConfig['versions'];
  /** Pictures through the training; null where none are kept. */
  readonly strips: SampleStrips<Model> | null;
}

/** A run under way: the loop, and what has to be remembered from step to step. */
export class TrainingRun<
  Model extends TrainableNetwork,
  Slice extends LabelledSlice,
  Batch extends TrainingBatch,
> {
  readonly #options: NetworkTrainingOptions<Model, Slice, Batch>;
  readonly #trainer: NetworkTrainer<Model, Batch>;
  readonly #opened: OpenedRun<Model> | null;
  readonly #totalSteps: number;
  readonly #started = performance.now();
  #progress: RunProgress;
  #validation: ValidationScores | null = null;
  #checkpointed = { at: performance.now(), seconds: 0 };

  constructor(
    options: NetworkTrainingOptions<Model, Slice, Batch>,
    trainer: NetworkTrainer<Model, Batch>,
    opened: OpenedRun<Model> | null,
  ) {
    this.#options = options;
    this.#trainer = trainer;
    this.#opened = opened;
    const { recipe, data } = options;
    this.#totalSteps = recipe.epochs * stepsPerEpoch(data.training.length, recipe);
    this.#progress = opened?.state?.progress ?? { step: 0, epochLoss: 0, best: null };
    if (opened?.state) trainer.restore(opened.state.trainer);
  }

  async complete(): Promise<SupervisedResult> {
    this.#announce();
    try {
      await this.#train();
      const modelPath = await this.#finish();
      this.#end('completed');
      const { epochs } = this.#options.recipe;
      const { best } = this.#progress;
      return { steps: this.#totalSteps, epochs, validation: this.#validation, best, modelPath };
    } catch (error) {
      await this.#trainer.adoptWeights?.();
      this.#end(this.#options.signal?.aborted ? 'aborted' : 'failed');
      throw error;
    }
  }

  async #train(): Promise<void> {
    const { data, recipe, seed = 0, signal } = this.#options;
    for (const planned of planSteps(data.training.length, recipe, seed, this.#progress.step)) {
      await nextTask();
      if (signal?.aborted) {
        await this.#checkpoint(planned.epoch);
        throw signal.reason;
      }
      await this.#step(planned);
      if (planned.endsEpoch) await this.#endEpoch(planned.epoch);
      if (this.#checkpointDue(planned)) await this.#checkpoint(planned.epoch);
    }
  }

  async #step({ step, epoch, indices, scale }: PlannedStep): Promise<void> {
    const begin = performance.now();
    const { seed = 0, task, data, recipe } = this.#options;
    const slices = indices.map((index) => data.training[index] as Slice);
    const batch = task.compose(slices, { seed, epoch, step, scale });
    const learningRate = learningRateAt(recipe, { step, epoch, totalSteps: this.#totalSteps });
    const { loss, gradientNorm } = await this.#trainer.step(batch, learningRate);
    this.#progress = { ...this.#progress, step: step + 1, epochLoss: this.#progress.epochLoss + loss };
    this.#emit({
      type: 'step',
      step: step + 1,
      epoch,
      loss,
      gradientNorm,
      learningRate,
      slices: slices.length,
      size: batch.size,
      seconds: secondsSince(begin),
    });
  }

  async #endEpoch(epoch: number): Promise<void> {
    const { step, epochLoss } = this.#progress;
    const loss = epochLoss / stepsPerEpoch(this.#options.data.training.length, this.#options.recipe);
    this.#progress = { ...this.#progress, epochLoss: 0 };
    this.#emit({ type: 'epoch', step, epoch, loss, seconds: secondsSince(this.#started) });
    const { epochs } = this.#options.recipe;
    const every = this.#options.validateEvery ?? Math.max(1, Math.round(epochs / 20));
    const due = epoch % every === 0 || epoch === epochs;
    if (due && this.#options.data.validation.length > 0) await this.#validate(epoch);
  }

  async #validate(epoch: number): Promise<void> {
    const begin = performance.now();
    await this.#trainer.withAverage(async () => {
      const { task, data, recipe } = this.#options;
      const scores = await task.validate(this.#trainer.model, data.validation, {
        batchSize: recipe.microBatchSize,
      });
      const before = this.#progress.best;
      const best = scores.meanDice > (before?.meanDice ?? -1);
      this.#validation = scores;
      const { step } = this.#progress;
      this.#emit({ type: 'validation', step, epoch, ...scores, best, seconds: secondsSince(begin) });
      await this.#opened?.strips?.add(this.#trainer.model, epoch);
      if (!best) return;
      this.#progress = { ...this.#progress, best: { epoch, meanDice: scores.meanDice } };
      if (this.#opened) await this.#saveModel('best', this.#opened.folder.best, epoch);
    });
  }

  #checkpointDue({ step, epoch, endsEpoch }: PlannedStep): boolean {
    const { checkpointEvery = 'auto' } = this.#options;
    if (step + 1 === this.#totalSteps) return true;
    if (checkpointEvery !== 'auto') return endsEpoch && epoch % checkpointEvery === 0;
    const { at, seconds } = this.#checkpointed;
    return secondsSince(at) >= Math.max(seconds / CHECKPOINT_SHARE, CHECKPOINT_SECONDS);
  }

  async #checkpoint(epoch: number): Promise<void> {
    if (!this.#opened) return;
    const begin = performance.now();
    const { folder } = this.#opened;
    await folder.saveState({ progress: this.#progress, trainer: await this.#trainer.state() });
    const seconds = secondsSince(begin);
    this.#checkpointed = { at: performance.now(), seconds };
    const { step } = this.#progress;
    this.#emit({ type: 'checkpoint', step, epoch, kind: 'last', path: folder.last, seconds });
  }

  /** Hands over: the averaged weights into the model and, with a run folder, into `model.safetensors`. */
  async #finish(): Promise<string | null> {
    await this.#trainer.adoptAverage();
    if (!this.#opened) return null;
    const { model } = this.#opened.folder;
    await this.#saveModel('model', model, this.#options.recipe.epochs);
    return model;
  }

  async #saveModel(kind: 'best' | 'model', path: string, epoch: number): Promise<void> {
    const begin = performance.now();
    const { step, best } = this.#progress;
    const { recipe, task, seed = 0, origin, pretrained = false } = this.#options;
    const card = this.#opened?.folder.describeModel({
      purpose: task.purpose,
      parameters: this.#trainer.parameterCount,
      startedFrom: origin ?? (pretrained ? 'pre-trained weights' : 'random weights'),
      epoch,
      step,
      best,
    });
    await this.#trainer.model.save(path, {
      metadata: {
        ...task.metadata,
        ...(card && { 'infnet.card': JSON.stringify(card) }),
        'infnet.size': String(recipe.size),
        'infnet.preset': recipe.preset,
        'infnet.training': JSON.stringify({ recipe, seed, step, epoch, best }),
      },
    });
    if (card) await this.#opened?.folder.saveCard(card);
    this.#emit({ type: 'checkpoint', step, epoch, kind, path, seconds: secondsSince(begin) });
  }

  #announce(): void {
    const { step } = this.#progress;
    const { training, validation, problems } = this.#options.data;
    this.#emit({
      type: 'run-start',
      step,
      totalSteps: this.#totalSteps,
      epochs: this.#options.recipe.epochs,
      trainingSlices: training.length,
      validationSlices: validation.length,
      parameters: this.#trainer.parameterCount,
      backend: tf.getBackend(),
      workers: this.#options.workers ?? 1,
      runFolder: this.#opened?.folder.path ?? null,
    });
    for (const { code, message, hint, subject } of problems) {
      this.#emit({ type: 'warning', step, code, message, hint, subject });
    }
    for (const { id } of [...training, ...validation].filter((sample) => !sample.hasForeground)) {
      this.#warn(
        'mask-without-foreground',
        `the mask of ${id} has no foreground`,
        'Fine for a slice without infection; otherwise check the file.',
        id,
      );
    }
    if (learningRateTooLow(this.#options.recipe, this.#options.pretrained ?? false)) {
      this.#warn(
        'learning-rate-too-low',
        `learning rate ${this.#options.recipe.learningRate} with random weights: it is made for pre-trained ones`,
        'Load pre-trained weights, or raise the learning rate; 1e-2 suits small networks.',
      );
    }
    if (this.#opened && JSON.stringify(this.#opened.versions) !== JSON.stringify(VERSIONS)) {
      this.#warn(
        'version-changed',
        `the run was begun with ${JSON.stringify(this.#opened.versions)}`,
        'The result may differ in the last bits from that of an uninterrupted run.',
      );
    }
  }

  #warn(code: string, message: string, hint: string, subject?: string): void {
    const { step } = this.#progress;
    this.#emit({ type: 'warning', step, code, message, hint, ...(subject !== undefined && { subject }) });
  }

  #end(reason: 'completed' | 'aborted' | 'failed'): void {
    const { step } = this.#progress;
    const epoch = Math.ceil(step / stepsPerEpoch(this.#options.data.training.length, this.#options.recipe));
    this.#emit({ type: 'run-end', step, epoch, reason, seconds: secondsSince(this.#started) });
  }

  #emit(event: TrainingEvent): void {
    this.#opened?.folder.append(event);
    this.#options.onProgress?.(event);
  }
}

/** Lets timers, signals and the page have their turn: on wasm a whole run would else be one task. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

function secondsSince(begin: number): number {
  return (performance.now() - begin) / 1000;
}
