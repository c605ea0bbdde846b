import type { BackendName, WasmPaths } from '../backend/backend.js';
import type { SkippedBackend } from '../backend/select-backend.js';
import type { ModelName } from '../network/create-model.js';
import type { PoolSlice } from './slice-pool.js';

/** What a pool tells a worker. */
export type ToWorker =
  | {
      readonly type: 'start';
      /** A file of {@link loadModel}; shared memory where there is such. */
      readonly weights: Uint8Array;
      /** A file of a slice gate for this network. */
      readonly gate?: Uint8Array;
      /** As for `selectBackend`. */
      readonly backend: string | readonly string[];
      readonly wasmPaths?: WasmPaths;
    }
  | { readonly type: 'predict'; readonly id: number; readonly slice: PoolSlice }
  /** The name of a lock to hold as long as the worker lives; comes first. */
  | { readonly type: 'life-line'; readonly name: string };

/** What a worker tells its pool. */
export type FromWorker =
  | { readonly type: 'ready'; readonly backend: WorkerBackend; readonly model: PoolModel }
  | { readonly type: 'holds'; readonly name: string }
  | { readonly type: 'map'; readonly id: number; readonly data: Float32Array; readonly infected?: number }
  /** `id` is absent where the start failed. */
  | { readonly type: 'failure'; readonly id?: number; readonly failure: Failure };

/** An error, as it travels between threads. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** What a worker computes with. */
export interface WorkerBackend {
  readonly name: BackendName;
  /** What it computes on, for people: `wasm relaxed SIMD, 1 thread`. */
  readonly device: string;
  /** What was tried before it, in order. */
  readonly tried: readonly SkippedBackend[];
}

/** What a worker found in a file of weights. */
export interface PoolModel {
  readonly name: ModelName;
  readonly options: object;
  readonly classes: number;
  /** Trained values: everything but the statistics of batch norm. */
  readonly parameters: number;
  /** Side length that it was trained at, as far as the file says. */
  readonly trainedSize?: number;
}
