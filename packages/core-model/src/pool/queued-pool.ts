import { inOrder } from './in-order.js';
import type { PoolMap, PoolSlice, PredictOptions, SlicePool } from './slice-pool.js';
import { SliceQueue } from './slice-queue.js';

/** A pool whose slices wait in one queue until the kind of pool takes them from it. */
export abstract class QueuedPool implements SlicePool {
  abstract readonly parallel: number;
  abstract readonly device: string;
  protected readonly queue: SliceQueue;

  /** @param limit slices that may wait */
  constructor(limit: number) {
    this.queue = new SliceQueue(limit, () => this.takeUp());
  }

  predict(slice: PoolSlice, options: PredictOptions = {}): Promise<PoolMap> {
    return this.queue.add(slice, options);
  }

  predictAll<Slice extends PoolSlice>(
    slices: Iterable<Slice> | AsyncIterable<Slice>,
    options: PredictOptions = {},
  ): AsyncGenerator<{ readonly slice: Slice; readonly map: PoolMap }, void, undefined> {
    return inOrder(slices, 2 * this.parallel, (slice) => this.predict(slice, options), options);
  }

  abstract dispose(): Promise<void>;

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  /** Called when a slice begins to wait. */
  protected abstract takeUp(): void;
}
