import { DatasetError } from '@infnet/semi-supervised';
import { INTERRUPTED, type CommandContext, type Outcome } from '../context.js';
import { isAbort } from '../errors.js';

/** Runs a training that loses nothing when it is stopped: says how to go on, and names each bad file where all are bad. */
export async function resumable(
  folder: string,
  { reporter, signal }: CommandContext,
  run: () => Promise<Outcome>,
): Promise<Outcome> {
  try {
    return await run();
  } catch (error) {
    if (isAbort(error, signal)) {
      const message = `stopped; nothing is lost: run the same command again with --resume to go on in ${folder}`;
      reporter.emit({ event: 'note', message });
      return INTERRUPTED;
    }
    if (error instanceof DatasetError) {
      for (const { code, message, hint, subject } of error.problems) {
        reporter.emit({ event: 'failure', input: subject, code, message, hint });
      }
    }
    throw error;
  }
}
