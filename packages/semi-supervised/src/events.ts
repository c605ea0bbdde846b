import type { ValidationScores } from './validation.js';

/** What a run tells while it goes on; the same objects, one a line, are a run folder's `log.jsonl`. */
export type TrainingEvent =
  RunStartEvent | StepEvent | EpochEvent | ValidationEvent | CheckpointEvent | WarningEvent | RunEndEvent;

/** Before the first step. */
export interface RunStartEvent {
  readonly type: 'run-start';
  /** Optimiser steps already made: above 0 when resumed. */
  readonly step: number;
  readonly totalSteps: number;
  readonly epochs: number;
  readonly trainingSlices: number;
  readonly validationSlices: number;
  readonly parameters: number;
  readonly backend: string;
  /** Threads that compute. */
  readonly workers: number;
  readonly runFolder: string | null;
}

/** After each optimiser step. */
export interface StepEvent {
  readonly type: 'step';
  /** Optimiser steps made, this one included. */
  readonly step: number;
  readonly epoch: number;
  readonly loss: number;
  readonly gradientNorm: number;
  readonly learningRate: number;
  /** Slices in the batch, and their side length in pixels. */
  readonly slices: number;
  readonly size: number;
  readonly seconds: number;
}

/** After the last step of an epoch. */
export interface EpochEvent {
  readonly type: 'epoch';
  readonly step: number;
  readonly epoch: number;
  /** Mean over the epoch's steps. */
  readonly loss: number;
  /** Since this process started training; validation and checkpoints included. */
  readonly seconds: number;
}

/** After a validation on the averaged weights. */
export interface ValidationEvent extends ValidationScores {
  readonly type: 'validation';
  readonly step: number;
  readonly epoch: number;
  readonly best: boolean;
  readonly seconds: number;
}

/** After a file was written: `last` to resume from, `best` and `model` to predict with. */
export interface CheckpointEvent {
  readonly type: 'checkpoint';
  readonly step: number;
  readonly epoch: number;
  readonly kind: 'last' | 'best' | 'model';
  readonly path: string;
  readonly seconds: number;
}

/** Something to know that does not stop the run. */
export interface WarningEvent {
  readonly type: 'warning';
  readonly step: number;
  /** The code of a `SampleError`, or `mask-without-foreground`, `learning-rate-too-low`, `version-changed`. */
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** The file or sample concerned. */
  readonly subject?: string;
}

/** The end, also when aborted or failed. */
export interface RunEndEvent {
  readonly type: 'run-end';
  readonly step: number;
  readonly epoch: number;
  readonly reason: 'completed' | 'aborted' | 'failed';
  readonly seconds: number;
}
