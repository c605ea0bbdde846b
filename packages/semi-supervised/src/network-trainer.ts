import type { TrainableNetwork } from './model.js';
import type { TrainingBatch } from './objective/objective.js';
import type { StepReport, TrainerState } from './trainer.js';

/** What makes a run's steps: a `Trainer` in this thread, or workers. */
export interface NetworkTrainer<Model extends TrainableNetwork, Batch extends TrainingBatch> {
  /** To validate and to save, inside `withAverage` or after `adoptAverage`. */
  readonly model: Model;
  /** Number of trainable values. */
  readonly parameterCount: number;
  /** One optimiser step. @throws NonFiniteLossError before any weight is changed */
  step(batch: Batch, learningRate: number): Promise<StepReport>;
  /** Runs `run` with the averaged weights in the model, if the recipe averages, else with the present ones. */
  withAverage<T>(run: () => Promise<T>): Promise<T>;
  /** Leaves these weights in the model: the end of training. */
  adoptAverage(): void | Promise<void>;
  /** Leaves the training weights in the model, where they are not anyway: training stops before its end. */
  adoptWeights?(): Promise<void>;
  state(): Promise<TrainerState>;
  restore(state: TrainerState): void;
  dispose(): void | Promise<void>;
}
