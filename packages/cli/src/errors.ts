/**
 * An error of the command line itself (wrong option, missing file, output not writable).
 *
 * Same shape as the errors of the libraries: the message says what is wrong and where, `hint` what to do, `code` is for
 * programs. It is a class of its own because importing core-model's would load TensorFlow.js before `--help`.
 */
export class CliError extends Error {
  override readonly name: string = 'CliError';
  readonly code: string;
  readonly hint: string;

  constructor(code: string, message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}

/** An error in words, for the screen, the JSON log and the report. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** What to do about the system errors that users really meet. */
const SYSTEM_ERRORS: Readonly<Record<string, readonly [string, string]>> = {
  ENOENT: ['no such file or folder', 'check the path; quote it if it holds spaces'],
  EACCES: ['permission denied', 'choose a place you may read and write, or change its permissions'],
  EPERM: ['operation not permitted', 'choose a place you may read and write, or change its permissions'],
  EROFS: ['the file system is read-only', 'choose a folder on a disk that can be written'],
  ENOSPC: [
    'no space left on the disk',
    'free some space or choose another disk, then run again with --continue',
  ],
  ENOTDIR: ['a part of the path is a file, not a folder', 'choose another folder'],
  EISDIR: ['it is a folder, not a file', 'name a file'],
  EMFILE: ['too many open files', 'close other programs or raise the limit (ulimit -n)'],
};

/** What to do by an option of the command line where a library names its own. */
const BY_OPTION: Readonly<Record<string, string>> = {
  'uneven-slices':
    'look for missing or foreign files; segment, convert and dataset take --allow-uneven to read it all the same, as if slices lay evenly',
};

const UNEXPECTED_HINT =
  'this looks like a defect: set INFNET_DEBUG=1 to see the stack, and report it with the output of `infnet doctor`';

/** Puts any thrown thing into words; never throws. */
export function describeFailure(error: unknown): Failure {
  if (isHinted(error)) {
    const { code, message, hint } = error;
    return { code, message: oneLine(message), hint: BY_OPTION[code] ?? hint };
  }
  if (isSystemError(error)) {
    const [what, hint] = SYSTEM_ERRORS[error.code] ?? [oneLine(error.message), 'check the path and the disk'];
    const where = error.path === undefined ? '' : `${error.path}: `;
    return { code: error.code.toLowerCase(), message: `${where}${what}`, hint };
  }
  const message = error instanceof Error ? oneLine(error.message) : String(error);
  return { code: 'unexpected', message: message || 'unknown error', hint: UNEXPECTED_HINT };
}

/** True when the run was stopped through its AbortSignal, as opposed to failing. */
export function isAbort(error: unknown, signal: AbortSignal): boolean {
  if (!signal.aborted) return false;
  const name = error instanceof Error ? error.name : '';
  return error === signal.reason || name === 'AbortError' || name === 'AbortedError' || isAbortCode(error);
}

function isAbortCode(error: unknown): boolean {
  return isHinted(error) && ['aborted', 'ABORT_ERR', 'cancelled'].includes(error.code);
}

function isHinted(error: unknown): error is Error & Failure {
  return (
    error instanceof Error &&
    'hint' in error &&
    typeof error.hint === 'string' &&
    'code' in error &&
    typeof error.code === 'string'
  );
}

function isSystemError(error: unknown): error is Error & { code: string; path?: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && 'syscall' in error;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
