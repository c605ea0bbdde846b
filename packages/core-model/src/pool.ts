/**
 * Pools of workers without TensorFlow.js: for a page whose workers do all the computing. Everything here is in
 * `@infnet/core-model` too, which imports TensorFlow.js.
 *
 * @module pool
 */
export { InfNetError, OptionError } from './errors.js';
export type { PoolModel, WorkerBackend } from './pool/messages.js';
export { PoolError, type PoolErrorCode } from './pool/pool-error.js';
export type { PoolMap, PoolSlice, PredictOptions, SlicePool } from './pool/slice-pool.js';
export {
  startSlicePool,
  type StartedSlicePool,
  type StartSlicePoolOptions,
} from './pool/start-slice-pool.js';
export type { PoolWorker } from './pool/worker-thread.js';
export type { WasmPaths } from './backend/backend.js';
