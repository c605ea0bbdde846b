/**
 * The script of a pool's workers, for `node:worker_threads` and for a page. A pool starts it by itself; where a bundler
 * needs to be told, hand it over: `createSlicePool(model, { worker: () => new Worker(new URL('@infnet/core-model/worker',
 * import.meta.url), { type: 'module' }) })`. Imported anywhere else than in a worker it does nothing.
 *
 * @module worker
 */
import type { FromWorker, ToWorker } from './pool/messages.js';
import { serve, type ServingPort } from './pool/serve.js';

/** What is used of a page's worker scope; its types come with the DOM's, which this package does without. */
interface WorkerScope {
  postMessage(message: FromWorker, transfer: readonly ArrayBuffer[]): void;
  addEventListener(event: 'message', listener: (event: { readonly data: ToWorker }) => void): void;
}

const port = portOf();
if (port) serve(port);

/** This thread's line to its pool; undefined in a main thread. */
function portOf(): ServingPort | undefined {
  if (typeof process !== 'undefined' && typeof process.getBuiltinModule === 'function') {
    const { parentPort } = process.getBuiltinModule('node:worker_threads');
    if (parentPort === null) return undefined;
    return {
      post: (message, transfer) => parentPort.postMessage(message, [...transfer]),
      listen: (listener) => void parentPort.on('message', listener),
    };
  }
  const scope = globalThis as unknown as WorkerScope & { WorkerGlobalScope?: unknown };
  if (scope.WorkerGlobalScope === undefined) return undefined;
  return {
    post: (message, transfer) => scope.postMessage(message, transfer),
    listen: (listener) => scope.addEventListener('message', ({ data }) => listener(data)),
  };
}
