import type { TrainingEvent } from '../events.js';
import type { PropagationEvent } from '../pseudo/events.js';
import type { LabellingEvent } from '../pseudo/labelling-folder.js';
import type { OneShotStage, Stage } from './stage-recipes.js';

/** A stage of a training on labelled and unlabelled slices. */
export type AnyStage = Stage | OneShotStage;

/** A stage in which a network is trained by a recipe. */
export type TrainingStage = Exclude<AnyStage, 'propagation' | 'labelling'>;

/** What training on labelled and unlabelled slices tells, stage by stage. */
export type SemiSupervisedEvent =
  | {
      /** A stage begins, or is taken up, or is found finished. */
      readonly type: 'stage';
      readonly stage: AnyStage;
      /** From 1. */
      readonly number: number;
      readonly stages: number;
    }
  | { readonly type: 'stage-training'; readonly stage: TrainingStage; readonly event: TrainingEvent }
  | { readonly type: 'stage-propagation'; readonly stage: 'propagation'; readonly event: PropagationEvent }
  | { readonly type: 'stage-labelling'; readonly stage: 'labelling'; readonly event: LabellingEvent };
