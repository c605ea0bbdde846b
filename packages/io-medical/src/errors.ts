/** What went wrong, for programs: stable across versions, unlike messages. */
export type ImageErrorCode =
  | 'empty-file'
  | 'unknown-format'
  | 'unsupported'
  | 'truncated'
  | 'corrupt'
  | 'too-large'
  | 'not-finite'
  | 'no-image'
  | 'several-series'
  | 'uneven-slices'
  | 'timed-out'
  | 'not-readable'
  | 'not-writable'
  | 'no-file-access'
  | 'forbidden-path'
  | 'size-mismatch'
  | 'invalid-option';

/**
 * The only error this package throws on purpose.
 *
 * The message names the file (or `image` for bytes without a name) and says what is wrong with it; `hint` says what
 * to do about it; `code` is for programs. The error that caused this one, if any, is kept in `cause`.
 */
export class ImageFormatError extends Error {
  override readonly name: string = 'ImageFormatError';
  readonly code: ImageErrorCode;
  readonly hint: string;

  constructor(code: ImageErrorCode, message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}

/** The error for data that end before they should. */
export function endsEarly(source: string, present: number, needed: number): ImageFormatError {
  return new ImageFormatError(
    'truncated',
    `${source}: ends after ${present} of ${needed} bytes`,
    'The file was cut off; copy or export it again.',
  );
}
