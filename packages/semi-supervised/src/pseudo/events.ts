import type { TrainingEvent } from '../events.js';
import type { ValidationScores } from '../validation.js';

/** What propagation tells while it goes on; all but `round-training` are also lines of its `log.jsonl`. */
export type PropagationEvent =
  | PropagationStartEvent
  | PseudoLabelsEvent
  | RoundTrainingEvent
  | RoundEvent
  | PropagationWarningEvent
  | PropagationEndEvent;

/** Before the first round. */
export interface PropagationStartEvent {
  readonly type: 'propagation-start';
  /** Rounds already made: above 0 when resumed. */
  readonly round: number;
  readonly rounds: number;
  readonly labelled: number;
  /** Slices that are to be labelled in all rounds together. */
  readonly unlabelled: number;
  readonly backend: string;
  readonly runFolder: string;
}

/** After a group was predicted and written. */
export interface PseudoLabelsEvent {
  readonly type: 'pseudo-labels';
  readonly round: number;
  readonly ids: readonly string[];
  /** Mean of each map, 0 … 1. */
  readonly means: readonly number[];
}

/** An event of the fine-tuning within a round. */
export interface RoundTrainingEvent {
  readonly type: 'round-training';
  readonly round: number;
  readonly event: TrainingEvent;
}

/** After a round is finished and saved: a kill from here on does not undo it. */
export interface RoundEvent {
  readonly type: 'round';
  /** From 1. */
  readonly round: number;
  readonly rounds: number;
  /** Mean loss of the round's last epoch. */
  readonly loss: number;
  /** Slices trained on. */
  readonly slices: number;
  /** Unlabelled slices left. */
  readonly left: number;
  readonly validation: ValidationScores | null;
  readonly seconds: number;
  /** Estimate for the rounds to come, from the rounds this process has made; later rounds train on more slices. */
  readonly secondsLeft: number;
}

/** An image that is left out. */
export interface PropagationWarningEvent {
  readonly type: 'warning';
  readonly round: number;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly subject: string;
}

/** The end, also when aborted or failed. */
export interface PropagationEndEvent {
  readonly type: 'propagation-end';
  readonly round: number;
  readonly reason: 'completed' | 'aborted' | 'failed';
  readonly seconds: number;
}
