import type { StateDict } from '@infnet/core-model';
import type { NetworkRecipe } from '../recipe.js';
import type { StepReport, TrainerState } from '../trainer.js';
import type { StepPass } from './divide.js';

/** What a worker needs to train: everything but the slices. */
export interface WorkerStart {
  readonly type: 'start';
  /** Number of this worker, from 0, and how many there are. */
  readonly own: number;
  readonly workers: number;
  readonly memory: SharedArrayBuffer;
  /** Name and options of the network, as `createModel` takes them, and its weights. */
  readonly network: { readonly name: string; readonly options: object };
  readonly weights: StateDict;
  /** The description of an objective. */
  readonly objective: Readonly<Record<string, unknown>>;
  readonly recipe: NetworkRecipe;
  /** What TensorFlow.js's environment says of this project's convolutions (see `CONVOLUTIONS`). */
  readonly convolutions: boolean;
}

/** The flag of TensorFlow.js's environment for the convolutions of `@infnet/core-model`: threads have an environment each. */
export const CONVOLUTIONS = 'INFNET_WASM_KERNELS';

/** What a worker is asked for, one thing after the other. */
export type ToWorker =
  | WorkerStart
  | { readonly type: 'restore'; readonly state: TrainerState }
  | { readonly type: 'step'; readonly passes: readonly StepPass<never>[]; readonly learningRate: number }
  /** The training weights, or the averaged ones, where the recipe averages. */
  | { readonly type: 'weights'; readonly averaged: boolean }
  | { readonly type: 'state' };

/** The answer to each. */
export type FromWorker =
  | { readonly type: 'done'; readonly answer: WorkerAnswer }
  /** `calledOff`: because another worker failed. */
  | { readonly type: 'failed'; readonly failure: WorkerFailure; readonly calledOff: boolean };

/** What answers hold, each where it was asked for. */
export interface WorkerAnswer {
  readonly parameters?: number;
  /** `finite: false`: the step was not made. */
  readonly report?: StepReport & { readonly finite: boolean };
  readonly weights?: StateDict;
  readonly state?: TrainerState;
}

/** An error as it travels between threads. */
export interface WorkerFailure {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}
