import type { WasmPaths } from '../backend/backend.js';
import type { PoolModel, WorkerBackend } from './messages.js';
import { checkCount, cores, shared } from './resources.js';
import type { SlicePool } from './slice-pool.js';
import { WorkerPool } from './worker-pool.js';
import { type PoolWorker, startWorker } from './worker-thread.js';

/** How {@link startSlicePool} works. */
export interface StartSlicePoolOptions {
  /** Backend of the workers, as for `selectBackend`: `auto`, a name, or names in order. Default `auto`. */
  readonly backend?: string | readonly string[];
  /**
   * Workers where the processor computes, each with the whole network: on wasm at 352x352 about 0.6 GiB each. Default: as
   * many as cores, 4 at most. A GPU takes one.
   */
  readonly workers?: number;
  /** Slices that may wait. Default 256. */
  readonly queue?: number;
  /** As for `selectBackend`, in the workers. */
  readonly wasmPaths?: WasmPaths;
  /** Starts a worker, where a bundler needs to see its script; see `@infnet/core-model/worker`. */
  readonly worker?: () => PoolWorker;
}

/** A pool that says what its workers found. */
export interface StartedSlicePool extends SlicePool {
  /** What the workers compute with. */
  readonly backend: WorkerBackend;
  /** What the file of weights holds. */
  readonly model: PoolModel;
}

/** What computes in the thread that asks for it. */
const IN_THREAD = new Set<string>(['wasm', 'cpu']);

/**
 * A pool of workers from a file of weights: the network is built in the workers only, on a GPU where there is one, so
 * that the thread which calls this needs neither TensorFlow.js nor a backend and never stands still.
 *
 * @param weights safetensors or a PyTorch checkpoint, of a network of three input channels
 * @throws {PoolError} `worker-not-started`, with what the worker said; {OptionError} for a number out of range
 */
export async function startSlicePool(
  weights: Uint8Array,
  options: StartSlicePoolOptions = {},
): Promise<StartedSlicePool> {
  const {
    backend = 'auto',
    workers = Math.min(4, cores()),
    queue = 256,
    wasmPaths,
    worker = startWorker,
  } = options;
  checkCount('workers', workers, 1);
  checkCount('queue', queue, 1);
  const pool = await WorkerPool.start({
    workers: 1,
    queue,
    backend,
    start: worker,
    weights: shared(weights),
    ...(wasmPaths === undefined ? {} : { wasmPaths }),
  });
  // Whether more are worth it shows only when the first has found its backend.
  if (IN_THREAD.has(pool.backend.name)) await pool.grow(workers);
  return pool;
}
