import type { PoolWorker } from '@infnet/core-model';

/** How many threads train. */
export interface WorkerOptions {
  /**
   * Threads that divide the slices of every batch among them, in Node on the backend `wasm`; each holds the whole network.
   * The result is that of one thread to rounding, and with the same number of them to the last bit. Default 1: this thread.
   */
  readonly workers?: number;
  /** Starts a worker, where a bundler took its script elsewhere; see `@infnet/semi-supervised/worker`. */
  readonly worker?: () => PoolWorker;
}

/** These of a larger set of options, to hand on. */
export function workerOptions({ workers, worker }: WorkerOptions): WorkerOptions {
  return { ...(workers !== undefined && { workers }), ...(worker && { worker }) };
}
