/** What went wrong, for programs: stable across versions, unlike messages. */
export type MetricsErrorCode =
  | 'invalid-shape'
  | 'length-mismatch'
  | 'unsupported-array'
  | 'not-finite'
  | 'out-of-range'
  | 'ambiguous-mask'
  | 'invalid-option'
  | 'duplicate-id'
  | 'definition-mismatch'
  | 'invalid-state';

/**
 * The only error this package throws on purpose.
 *
 * The message says what is wrong and in which argument; `hint` says what to do about it; `code` is for programs.
 */
export class MetricsError extends Error {
  override readonly name: string = 'MetricsError';
  declare readonly code: MetricsErrorCode;
  declare readonly hint: string;

  constructor(code: MetricsErrorCode, message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}

/** The error for a case or a volume whose id is taken. */
export function duplicateId(kind: 'case' | 'volume', id: string): MetricsError {
  return new MetricsError(
    'duplicate-id',
    `${kind} ${JSON.stringify(id)} was added before`,
    `give every ${kind} its own id`,
  );
}
