import { ImageFormatError } from '../errors.js';
import type { ReadOptions } from '../read-options.js';
import { nodeBuiltins } from '../source/node-builtins.js';
import type { Volume } from '../volume.js';
import type { ReadAnswer, ReadRequest, WorkerInput } from './messages.js';

/** Options of {@link readImageInWorker}: those of `readImage` but for what cannot be sent, and how long it may take. */
export interface WorkerReadOptions extends Omit<ReadOptions, 'onProgress'> {
  /** Milliseconds after which the worker is stopped, whatever it does. Default 60 000. */
  readonly timeoutMs?: number;
  /** Where the worker's script is, if a bundler has moved it: `dist/worker/image-worker.js` of this package. */
  readonly workerUrl?: string | URL;
}

/** What the two kinds of workers have in common here. */
interface WorkerHandle {
  postMessage(request: ReadRequest, transfer: ArrayBuffer[]): void;
  terminate(): unknown;
}

interface Listeners {
  readonly onAnswer: (answer: ReadAnswer) => void;
  readonly onEnd: (cause: unknown) => void;
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
  { timeoutMs = 60_000, workerUrl, signal, ...options }: WorkerReadOptions = {},
): Promise<Volume> {
  signal?.throwIfAborted();
  const name = options.name ?? (typeof input === 'string' ? input : 'image');
  let stop: (() => void) | undefined;
  try {
    return await new Promise<Volume>((resolve, reject) => {
      const worker = startWorker(workerUrl, {
        onAnswer: (answer) => {
          if ('volume' in answer) resolve(answer.volume);
          else reject(new ImageFormatError(answer.failure.code, answer.failure.message, answer.failure.hint));
        },
        onEnd: (cause) => {
          reject(crashed(name, cause));
        },
      });
      const timer = setTimeout(() => {
        reject(timedOut(name, timeoutMs));
      }, timeoutMs);
      const onAbort = (): void => {
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      stop = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        void worker.terminate();
      };
      send(worker, input, options);
    });
  } finally {
    stop?.();
  }
}

/** Bytes go as a copy that is handed over: a view into a larger buffer would take all of it along. */
function send(worker: WorkerHandle, input: WorkerInput, options: ReadRequest['options']): void {
  if (input instanceof Uint8Array) {
    const copy = new Uint8Array(input);
    worker.postMessage({ input: copy, options }, [copy.buffer]);
  } else {
    worker.postMessage({ input: input instanceof URL ? input.href : input, options }, []);
  }
}

function startWorker(workerUrl: string | URL | undefined, listeners: Listeners): WorkerHandle {
  const threads = nodeBuiltins()?.('node:worker_threads');
  return threads === undefined
    ? startInBrowser(workerUrl, listeners)
    : startInNode(threads, workerUrl, listeners);
}

function startInNode(
  threads: typeof import('node:worker_threads'),
  workerUrl: string | URL | undefined,
  { onAnswer, onEnd }: Listeners,
): WorkerHandle {
  const url = workerUrl ?? new URL('./image-worker.js', import.meta.url);
  const worker = new threads.Worker(typeof url === 'string' ? new URL(url) : url);
  worker.on('message', onAnswer);
  worker.on('error', onEnd);
  worker.on('exit', () => {
    onEnd(undefined);
  });
  return worker;
}

interface BrowserWorker extends WorkerHandle {
  addEventListener(type: 'message', listener: (event: { readonly data: ReadAnswer }) => void): void;
  addEventListener(type: 'error' | 'messageerror', listener: (event: unknown) => void): void;
}

/** Bundlers look for `new Worker(new URL(...))` and take the script along. */
function startInBrowser(workerUrl: string | URL | undefined, { onAnswer, onEnd }: Listeners): WorkerHandle {
  const { Worker } = globalThis as unknown as {
    Worker: new (url: string | URL, options: { readonly type: 'module' }) => BrowserWorker;
  };
  const worker =
    workerUrl === undefined
      ? new Worker(new URL('./image-worker.js', import.meta.url), { type: 'module' })
      : new Worker(workerUrl, { type: 'module' });
  worker.addEventListener('message', ({ data }) => {
    onAnswer(data);
  });
  worker.addEventListener('error', onEnd);
  worker.addEventListener('messageerror', onEnd);
  return worker;
}

function timedOut(name: string, timeoutMs: number): ImageFormatError {
  return new ImageFormatError(
    'timed-out',
    `${name}: was not read within ${timeoutMs} ms and was given up`,
    'Raise timeoutMs if the file is large; otherwise it is damaged or made to do harm.',
  );
}

function crashed(name: string, cause: unknown): ImageFormatError {
  const isMemory = (cause as { code?: string } | undefined)?.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return new ImageFormatError(
    isMemory ? 'too-large' : 'corrupt',
    `${name}: the worker that read it ${isMemory ? 'ran out of memory' : 'ended without an answer'}`,
    'Lower limits.maxDecodedBytes, or check that workerUrl leads to the script; otherwise the file is damaged.',
    { cause },
  );
}
