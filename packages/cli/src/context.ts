import { EXIT, type ExitCode } from './exit-code.js';
import type { Reporter } from './progress/reporter.js';

/** What a command is given besides its own arguments. */
export interface CommandContext {
  readonly reporter: Reporter;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** How a command went. */
export interface Outcome {
  readonly exitCode: ExitCode;
  /** Inputs that were worked on, failed, and were left as they are. */
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
}

/** An outcome from its counts: code 0 when nothing failed, 1 when some inputs did, 2 when all did. */
export function outcomeOf({
  done = 0,
  failed = 0,
  skipped = 0,
}: Partial<Omit<Outcome, 'exitCode'>>): Outcome {
  const exitCode = failed === 0 ? EXIT.all : done + skipped > 0 ? EXIT.some : EXIT.none;
  return { exitCode, done, failed, skipped };
}

/** Nothing could run. */
export const COULD_NOT_RUN: Outcome = { exitCode: EXIT.none, done: 0, failed: 0, skipped: 0 };

/** Stopped by Ctrl-C. */
export const INTERRUPTED: Outcome = { exitCode: EXIT.interrupted, done: 0, failed: 0, skipped: 0 };
