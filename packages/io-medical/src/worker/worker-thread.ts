import { ImageFormatError } from '../errors.js';
import { nodeBuiltins } from '../source/node-builtins.js';
import type { ReadProgress } from '../read-options.js';
import { lifeLine, whenCut } from './life-line.js';
import type { Answered, Asked, FromWorker, ToWorker, WorkerCall, WorkerInput } from './messages.js';

/** Where a worker's script is, and what it is to be called. */
export interface ThreadOptions {
  /** The input's name, for messages. */
  readonly name: string;
  readonly workerUrl?: string | URL;
  readonly onProgress?: (event: ReadProgress) => void;
}

/** What the two kinds of workers have in common here. */
interface WorkerHandle {
  postMessage(call: ToWorker, transfer: ArrayBuffer[]): void;
  terminate(): unknown;
}

interface Listeners {
  readonly onAnswer: (answer: FromWorker) => void;
  readonly onEnd: (cause: unknown) => void;
}

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (reason: unknown) => void;
}

/** A worker that is asked and answers, until it is closed or dies: then all that waits, and all later calls, are rejected. */
export class ImageWorkerThread {
  readonly #worker: WorkerHandle;
  readonly #waiting = new Map<number, Waiting>();
  #end: { readonly reason: unknown } | undefined;
  #nextId = 0;

  constructor({ name, workerUrl, onProgress }: ThreadOptions) {
    this.#worker = startWorker(workerUrl, {
      onAnswer: (answer) => {
        if ('progress' in answer) {
          onProgress?.(answer.progress);
          return;
        }
        if ('holds' in answer) {
          whenCut(answer.holds, () => this.close(crashed(name, undefined)));
          return;
        }
        const waiting = this.#waiting.get(answer.id);
        this.#waiting.delete(answer.id);
        if ('value' in answer) waiting?.resolve(answer.value as never);
        else {
          const { code, message, hint } = answer.failure;
          waiting?.reject(new ImageFormatError(code, message, hint));
        }
      },
      onEnd: (cause) => this.close(crashed(name, cause)),
    });
    const line = lifeLine();
    if (line !== undefined) this.#worker.postMessage({ lifeLine: line }, []);
  }

  /** @param transfer what is handed over, and gone here */
  ask<Call extends WorkerCall>(
    call: Call,
    request: Asked<Call>,
    transfer: ArrayBuffer[] = [],
  ): Promise<Answered<Call>> {
    if (this.#end) return Promise.reject(this.#end.reason);
    return new Promise<Answered<Call>>((resolve, reject) => {
      const id = this.#nextId++;
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, call, request }, transfer);
    });
  }

  /** Reads, with bytes as a copy that is handed over: a view into a larger buffer would take all of it along. */
  askToRead<Call extends 'read' | 'open'>(
    call: Call,
    input: WorkerInput,
    options: Asked<Call>['options'],
  ): Promise<Answered<Call>> {
    if (!(input instanceof Uint8Array)) {
      return this.ask(call, { input: input instanceof URL ? input.href : input, options });
    }
    const copy = new Uint8Array(input);
    return this.ask(call, { input: copy, options }, [copy.buffer]);
  }

  /** Ends the worker, whatever it does. The first reason stays. */
  close(reason: unknown): void {
    this.#end ??= { reason };
    void this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(this.#end.reason);
    this.#waiting.clear();
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
  const script = './image-worker.js'; // apart, so that no bundler for pages takes it for an asset
  const url = workerUrl ?? new URL(script, import.meta.url);
  const worker = new threads.Worker(typeof url === 'string' ? new URL(url) : url);
  worker.on('message', onAnswer);
  worker.on('error', onEnd);
  worker.on('exit', () => {
    onEnd(undefined);
  });
  return worker;
}

interface BrowserWorker extends WorkerHandle {
  addEventListener(type: 'message', listener: (event: { readonly data: FromWorker }) => void): void;
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

function crashed(name: string, cause: unknown): ImageFormatError {
  const isMemory = (cause as { code?: string } | undefined)?.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return new ImageFormatError(
    isMemory ? 'too-large' : 'corrupt',
    `${name}: the worker that read it ${isMemory ? 'ran out of memory' : 'ended without an answer'}`,
    'Lower limits.maxDecodedBytes, or check that workerUrl leads to the script; otherwise the file is damaged.',
    { cause },
  );
}
