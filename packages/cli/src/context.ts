import type { Reporter } from './progress/reporter.js';

/** What a command is given besides its own arguments. */
export interface CommandContext {
  readonly reporter: Reporter;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}
