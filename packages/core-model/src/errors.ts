/**
 * Base of every error that Inf-Net's tensor packages throw on purpose.
 *
 * The message says what is wrong and where; `hint` says what to do about it; `code` is for programs and stays the same
 * across versions, unlike messages. The error that caused this one, if any, is kept in `cause`.
 */
export class InfNetError<Code extends string = string> extends Error {
  override readonly name: string = 'InfNetError';
  readonly code: Code;
  readonly hint: string;

  constructor(code: Code, message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}

/** What was wrong with a weights file or a state dict. */
export type WeightsErrorCode =
  | 'truncated-file'
  | 'damaged-header'
  | 'damaged-layout'
  | 'unsupported-dtype'
  | 'invalid-tensor'
  | 'missing-key'
  | 'unexpected-key'
  | 'shape-mismatch'
  | 'file-not-readable'
  | 'file-not-writable'
  | 'unsupported-source';

/** Weights that cannot be read, written, or put into a model. */
export class WeightsError extends InfNetError<WeightsErrorCode> {
  override readonly name: string = 'WeightsError';
}

/** Why no backend could be selected. */
export type BackendErrorCode =
  'unknown-backend' | 'backend-not-supported' | 'backend-unavailable' | 'no-backend';

/** A TensorFlow.js backend that is unknown, not supported, or does not start here. */
export class BackendError extends InfNetError<BackendErrorCode> {
  override readonly name: string = 'BackendError';
}

/** What was wrong with an argument of a network or an op. */
export type ShapeErrorCode = 'invalid-shape' | 'invalid-size' | 'invalid-dtype';

/** A tensor whose rank, sides or dtype do not fit the operation it was given to. */
export class ShapeError extends InfNetError<ShapeErrorCode> {
  override readonly name: string = 'ShapeError';
}

/** An option outside its allowed values. Its code is `invalid-option`. */
export class OptionError extends InfNetError<'invalid-option'> {
  override readonly name: string = 'OptionError';

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super('invalid-option', message, hint, options);
  }
}
