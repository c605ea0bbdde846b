import type { PoolSlice } from './slice-pool.js';

/** What a pool tells a worker. */
export type ToWorker =
  | {
      readonly type: 'start';
      /** A file of {@link loadModel}; shared memory where there is such. */
      readonly weights: Uint8Array;
      /** A file of a slice gate for this network. */
      readonly gate?: Uint8Array;
      readonly backend: string;
      readonly wasmPaths?: string;
    }
  | { readonly type: 'predict'; readonly id: number; readonly slice: PoolSlice };

/** What a worker tells its pool. */
export type FromWorker =
  | { readonly type: 'ready'; readonly device: string; readonly classes: number }
  | { readonly type: 'map'; readonly id: number; readonly data: Float32Array; readonly infected?: number }
  /** `id` is absent where the start failed. */
  | { readonly type: 'failure'; readonly id?: number; readonly failure: Failure };

/** An error, as it travels between threads. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}
