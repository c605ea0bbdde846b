import type { TrainingEvent } from '../events.js';
import type { PropagationEvent } from '../pseudo/events.js';
import type { Stage } from './stage-recipes.js';

/** What the training of a Semi-Inf-Net tells while it goes on. */
export type SemiSupervisedEvent =
  | {
      /** A stage begins, or is taken up, or is found finished. */
      readonly type: 'stage';
      readonly stage: Stage;
      /** From 1. */
      readonly number: number;
      readonly stages: number;
    }
  | {
      readonly type: 'stage-training';
      readonly stage: Exclude<Stage, 'propagation'>;
      readonly event: TrainingEvent;
    }
  | { readonly type: 'stage-propagation'; readonly stage: 'propagation'; readonly event: PropagationEvent };
