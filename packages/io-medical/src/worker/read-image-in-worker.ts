import { ImageFormatError } from '../errors.js';
import type { ReadOptions } from '../read-options.js';
import type { Volume } from '../volume.js';
import type { Answered, WorkerInput } from './messages.js';
import { ImageWorkerThread } from './worker-thread.js';

/** Options of {@link readImageInWorker} and {@link openInWorker}: those of `readImage`, and how long it may take. */
export interface WorkerReadOptions extends ReadOptions {
  /** Milliseconds after which the worker is stopped, whatever it does. Default 60 000. */
  readonly timeoutMs?: number;
  /** Where the worker's script is, if a bundler has moved it: `dist/worker/image-worker.js` of this package. */
  readonly workerUrl?: string | URL;
}

/**
 * Reads an image in a worker of its own that is stopped at a time limit: for files from strangers, which may keep a
 * decoder busy for ever, and for pages that must not stand still meanwhile. A worker that runs out of memory takes
 * nothing with it. Works in Node (worker threads) and in browsers.
 *
 * @param input path, address, bytes (copied), `Blob` or files with names
 * @throws {ImageFormatError} `timed-out`; what reading throws; the signal's reason when aborted
 */
export async function readImageInWorker(
  input: WorkerInput,
  options: WorkerReadOptions = {},
): Promise<Volume> {
  const { thread, answer } = await readInThread('read', input, options);
  thread.close(undefined);
  return answer;
}

/** Starts a worker and lets it read, within the time limit. Where that fails, the worker is gone. */
export async function readInThread<Call extends 'read' | 'open'>(
  call: Call,
  input: WorkerInput,
  { timeoutMs = 60_000, workerUrl, signal, onProgress, ...options }: WorkerReadOptions,
): Promise<{ readonly thread: ImageWorkerThread; readonly answer: Answered<Call> }> {
  signal?.throwIfAborted();
  const name = options.name ?? nameOf(input);
  const thread = new ImageWorkerThread({
    name,
    ...(workerUrl !== undefined && { workerUrl }),
    ...(onProgress !== undefined && { onProgress }),
  });
  const timer = setTimeout(() => thread.close(timedOut(name, timeoutMs)), timeoutMs);
  const onAbort = (): void => thread.close(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return { thread, answer: await thread.askToRead(call, input, options) };
  } catch (error) {
    thread.close(error);
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

function nameOf(input: WorkerInput): string {
  return typeof input === 'string' ? input : 'image';
}

function timedOut(name: string, timeoutMs: number): ImageFormatError {
  return new ImageFormatError(
    'timed-out',
    `${name}: was not read within ${timeoutMs} ms and was given up`,
    'Raise timeoutMs if the file is large; otherwise it is damaged or made to do harm.',
  );
}
