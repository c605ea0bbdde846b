import { InfNetError } from '@infnet/core-model';

/** What went wrong, for programs: stable across versions, unlike messages. */
export type TrainingErrorCode =
  | 'invalid-option'
  | 'folder-not-readable'
  | 'missing-mask'
  | 'missing-image'
  | 'duplicate-stem'
  | 'unreadable-file'
  | 'size-mismatch'
  | 'mask-values'
  | 'label-values'
  | 'missing-prior'
  | 'invalid-sample'
  | 'no-samples'
  | 'non-finite-loss'
  | 'run-exists'
  | 'run-mismatch'
  | 'run-not-writable'
  | 'damaged-checkpoint'
  | 'worker-failed'
  | 'worker-died';

/** Base of every error this package throws on purpose; see {@link InfNetError} for `code` and `hint`. */
export class TrainingError extends InfNetError {
  override readonly name: string = 'TrainingError';

  constructor(code: TrainingErrorCode, message: string, hint: string, options?: ErrorOptions) {
    super(code, message, hint, options);
  }
}

/** One image, mask or pair that cannot be trained on. Collected and reported, the rest of the data goes on. */
export class SampleError extends TrainingError {
  override readonly name: string = 'SampleError';
  /** Path of the file, or id of the sample, that is at fault. */
  readonly subject: string;

  constructor(
    code: TrainingErrorCode,
    subject: string,
    message: string,
    hint: string,
    options?: ErrorOptions,
  ) {
    super(code, message, hint, options);
    this.subject = subject;
  }
}

/** Nothing is left to train or validate on. `problems` holds one error for each file that was left out. */
export class DatasetError extends TrainingError {
  override readonly name: string = 'DatasetError';
  readonly problems: readonly SampleError[];

  constructor(code: TrainingErrorCode, message: string, hint: string, problems: readonly SampleError[] = []) {
    super(code, message, hint);
    this.problems = problems;
  }
}

/** The loss or a gradient became NaN or infinite. The weights are those from before the step. */
export class NonFiniteLossError extends TrainingError {
  override readonly name: string = 'NonFiniteLossError';
  /** The images of the batch. */
  readonly ids: readonly string[];
  /** The loss as computed; finite when only a gradient was not. */
  readonly loss: number;

  constructor(ids: readonly string[], loss: number, step: number) {
    const what = Number.isFinite(loss) ? `a gradient is not finite (loss ${loss})` : `the loss is ${loss}`;
    super(
      'non-finite-loss',
      `step ${step}: ${what}; images of this batch: ${ids.join(', ')}`,
      'Look at these images and masks first; if they are sound, lower the learning rate or lengthen the warm-up. ' +
        'The last checkpoint is from before this step.',
    );
    this.ids = ids;
    this.loss = loss;
  }
}
