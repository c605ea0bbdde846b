import { run } from './run.js';
import { EXIT } from './exit-code.js';

/**
 * The process around {@link run}: Ctrl-C stops cleanly, a second Ctrl-C at once; a closed pipe (`| head`) is no error.
 *
 * @param argv the arguments after the program's name
 */
export async function main(argv: readonly string[]): Promise<void> {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    process.stderr.write('\nstopping after the current step; press Ctrl-C again to stop at once\n');
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.all);
  });
  process.exitCode = await run(argv, { signal: controller.signal });
  process.off('SIGINT', stop);
  process.off('SIGTERM', stop);
}
