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
  | 'damaged-archive'
  | 'damaged-pickle'
  | 'forbidden-global'
  | 'oversized'
  | 'no-weights'
  | 'unknown-format'
  | 'integrity-mismatch'
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

/**
 * Why a backend cannot be used: no such name; this place (browser, Node) cannot run it at all; its package is not
 * installed; the package is there and its native part is not; there is no GPU; there is only a GPU imitated in
 * software, which `auto` does not take; it does not start for another reason; none of several works; its device failed or was
 * asked for what it cannot do.
 */
export type BackendErrorCode =
  | 'unknown-backend'
  | 'backend-not-supported'
  | 'backend-not-installed'
  | 'backend-binary-missing'
  | 'no-adapter'
  | 'software-adapter'
  | 'backend-unavailable'
  | 'no-backend'
  | 'device-failed'
  | 'synchronous-read';

/** A TensorFlow.js backend that is unknown, does not start here, or failed at work. */
export class BackendError extends InfNetError<BackendErrorCode> {
  override readonly name: string = 'BackendError';
}

/** A run that the backend in use cannot hold, found out before it was started. */
export class BackendLimitError extends InfNetError<'backend-limit'> {
  override readonly name: string = 'BackendLimitError';
  /** Bytes that the run is estimated to need, of what the message names. */
  readonly needed: number;
  /** Bytes that there are. */
  readonly limit: number;

  constructor(message: string, hint: string, { needed, limit }: { needed: number; limit: number }) {
    super('backend-limit', message, hint);
    this.needed = needed;
    this.limit = limit;
  }
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
