import type { Failure } from '../errors.js';

/** Everything a run tells. One object is one line of the JSON log; `event` says which it is. */
export type CliEvent =
  | StartEvent
  | BackendEvent
  | ModelEvent
  | NoteEvent
  | WarningEvent
  | ProgressEvent
  | CaseEvent
  | SkippedEvent
  | FailureEvent
  | StepEvent
  | EpochEvent
  | ValidationEvent
  | StageEvent
  | RoundEvent
  | ScoresEvent
  | WrittenEvent
  | EndEvent;

/** The command begins. */
export interface StartEvent {
  readonly event: 'start';
  readonly command: string;
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly time: string;
}

/** The tensor backend that was taken, and what was passed over. */
export interface BackendEvent {
  readonly event: 'backend';
  readonly name: string;
  readonly device: string;
  readonly tried: readonly { readonly name: string; readonly reason: string }[];
}

/** The model that was loaded. */
export interface ModelEvent {
  readonly event: 'model';
  readonly name: string;
  readonly sha256: string;
  readonly parameters: number;
  /** True for the phantom-trained model that ships with the command line. */
  readonly shipped: boolean;
}

/** Something worth knowing. */
export interface NoteEvent {
  readonly event: 'note';
  readonly message: string;
}

/** Something odd that does not stop anything. */
export interface WarningEvent {
  readonly event: 'warning';
  readonly message: string;
  readonly input?: string;
}

/** How far the work is: `done` of `total` units of `task`. */
export interface ProgressEvent {
  readonly event: 'progress';
  readonly task: string;
  /** What is being worked on, for example a file. */
  readonly subject: string;
  readonly done: number;
  readonly total: number;
}

/** One input was segmented. */
export interface CaseEvent {
  readonly event: 'case';
  readonly input: string;
  readonly index: number;
  readonly total: number;
  /** What was found, in words with units. */
  readonly finding: string;
  readonly mask: string;
  readonly seconds: number;
}

/** One input was left out because it had been done before. */
export interface SkippedEvent {
  readonly event: 'skipped';
  readonly input: string;
  readonly reason: string;
}

/** Something failed; the run goes on unless `end` follows. */
export interface FailureEvent extends Failure {
  readonly event: 'failure';
  readonly input?: string;
}

/** One optimiser step of a training run. */
export interface StepEvent {
  readonly event: 'step';
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
  readonly epochs: number;
  readonly loss: number;
  readonly learningRate: number;
  readonly secondsLeft: number;
}

/** One epoch of a training run. */
export interface EpochEvent {
  readonly event: 'epoch';
  readonly epoch: number;
  readonly epochs: number;
  readonly loss: number;
  readonly seconds: number;
}

/** A validation during training. */
export interface ValidationEvent {
  readonly event: 'validation';
  readonly epoch: number;
  readonly meanDice: number;
  readonly diceAtHalf: number;
  readonly best: boolean;
  /** Dice of the label maps class by class, null where no slice has the class. */
  readonly classes?: Readonly<Record<string, number | null>>;
}

/** A stage of a training begins, or is taken up: of a Semi-Inf-Net, or of an ablation. */
export interface StageEvent {
  readonly event: 'stage';
  readonly stage: string;
  /** From 1. */
  readonly number: number;
  readonly stages: number;
}

/** A round of pseudo labels is finished and saved. */
export interface RoundEvent {
  readonly event: 'round';
  readonly round: number;
  readonly rounds: number;
  readonly loss: number;
  /** Unlabelled slices left. */
  readonly left: number;
  readonly secondsLeft: number;
}

/** The scores of one system against the ground truth. */
export interface ScoresEvent {
  readonly event: 'scores';
  readonly system: string;
  /** The class, where maps hold labels. */
  readonly label?: string;
  readonly protocol: string;
  readonly cases: number;
  readonly scores: Readonly<Record<string, number | null>>;
}

/** A file or folder that is now there. */
export interface WrittenEvent {
  readonly event: 'written';
  readonly what: string;
  readonly path: string;
}

/** The command ends. */
export interface EndEvent {
  readonly event: 'end';
  readonly exitCode: number;
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
  readonly seconds: number;
}
