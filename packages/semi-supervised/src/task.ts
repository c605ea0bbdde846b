import type { TrainableNetwork } from './model.js';
import type { GreyImage } from './data/sample.js';
import type { Objective, TrainingBatch } from './objective/objective.js';
import type { ValidationScores } from './validation.js';

/** What a run needs to know of a slice to learn from, whatever its labels are. */
export interface LabelledSlice {
  readonly id: string;
  /** False for a slice in which nothing is marked: legal, and worth a warning. */
  readonly hasForeground: boolean;
}

/** Which batch is asked for. */
export interface BatchPlace {
  readonly seed: number;
  /** From 1. */
  readonly epoch: number;
  /** From 0, over all epochs. */
  readonly step: number;
  /** Multi-scale factor. */
  readonly scale: number;
}

/** Square grey pictures of slices, for people. */
export interface TaskPictures<Model extends TrainableNetwork, Slice extends LabelledSlice> {
  /** The slice, and what is marked in it. */
  given(slice: Slice): { readonly image: GreyImage; readonly mask: GreyImage };
  /** What the network makes of the slices, in their order. */
  predict(model: Model, slices: readonly Slice[]): Promise<readonly GreyImage[]>;
}

/**
 * What is learnt: from slices of what kind, by what loss, and how it is judged. `trainNetwork` does the rest, the same for
 * every task.
 */
export interface Task<
  Model extends TrainableNetwork,
  Slice extends LabelledSlice,
  Batch extends TrainingBatch,
> {
  readonly objective: Objective<Model, Batch>;
  /** What beside objective, recipe and slices decides the result, as plain JSON; stored and compared like those. */
  readonly description?: Readonly<Record<string, unknown>>;
  /** Id → SHA-256 of slices without labels that `compose` takes in; stored and compared as the others are. */
  readonly unlabelled?: Readonly<Record<string, string>>;
  /** What the network does, in a sentence, for its model card. */
  readonly purpose?: string;
  /** What a model file tells beside architecture and training, so that it can be used without a word more. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Augments and scales the slices of a batch. Depends on its arguments alone, so that any step can be made again. */
  compose(slices: readonly Slice[], place: BatchPlace): Batch;
  /** Scores slices that are not trained on; the highest `meanDice` makes the best model. May give more than these scores. */
  validate(
    model: Model,
    slices: readonly Slice[],
    options: { readonly batchSize: number },
  ): Promise<ValidationScores>;
  /** All of a slice that training sees, to recognise it by. */
  bytesOf(this: void, slice: Slice): readonly Uint8Array[];
  /** Pictures to watch a training by; without them a run keeps none. */
  readonly pictures?: TaskPictures<Model, Slice>;
}
