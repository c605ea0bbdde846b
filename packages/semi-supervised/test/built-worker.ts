import { Worker } from 'node:worker_threads';
import { bundle } from './bundle.js';

/** Node runs no TypeScript in a worker: starts the worker's script, compiled. */
export async function builtWorker(): Promise<() => Worker> {
  const script = await bundle('training-worker', "import '../src/worker.js';");
  return () => new Worker(script);
}
