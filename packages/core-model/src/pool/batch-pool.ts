import type { SegmentationNetwork } from '../network/segmentation-network.js';
import type { SliceGate } from '../slice-gate/slice-gate.js';
import { inOrder } from './in-order.js';
import { type Predictor, predictor } from './predictor.js';
import type { PoolMap, PoolSlice, PredictOptions, SlicePool } from './slice-pool.js';
import { disposed, SliceQueue } from './slice-queue.js';

/** Slices of one size go through the network together, in this thread: what a GPU wants. Owns the network. */
export class BatchPool implements SlicePool {
  readonly parallel: number;
  readonly device: string;
  readonly #network: SegmentationNetwork;
  readonly #gate: SliceGate | undefined;
  readonly #predict: Predictor;
  readonly #queue: SliceQueue;
  #running: Promise<void> | undefined;

  /** @param network the fused form; it is disposed of with the pool, as is the gate */
  constructor(
    network: SegmentationNetwork,
    options: { batch: number; queue: number; device: string; gate?: SliceGate | undefined },
  ) {
    this.#network = network;
    this.#gate = options.gate;
    this.#predict = predictor(network, options.gate);
    this.parallel = options.batch;
    this.device = options.batch === 1 ? options.device : `batches of ${options.batch}, ${options.device}`;
    this.#queue = new SliceQueue(options.queue, () => {
      this.#running ??= this.#run();
    });
  }

  predict(slice: PoolSlice, options: PredictOptions = {}): Promise<PoolMap> {
    return this.#queue.add(slice, options);
  }

  predictAll<Slice extends PoolSlice>(
    slices: Iterable<Slice> | AsyncIterable<Slice>,
    options: PredictOptions = {},
  ): AsyncGenerator<{ readonly slice: Slice; readonly map: PoolMap }, void, undefined> {
    return inOrder(slices, 2 * this.parallel, (slice) => this.predict(slice, options), options);
  }

  async dispose(): Promise<void> {
    this.#queue.close(disposed());
    await this.#running;
    this.#network.dispose();
    this.#gate?.dispose();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  /** Batch after batch, until nothing waits. Slices that come in one turn of the event loop share a batch. */
  async #run(): Promise<void> {
    for (;;) {
      await nextTask(); // an abort is heard between batches
      const batch = this.#queue.takeAlike(this.parallel);
      if (batch.length === 0) break;
      try {
        const maps = await this.#predictBatch(batch.map(({ slice }) => slice));
        batch.forEach(({ resolve }, i) => resolve(maps[i]!));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#running = undefined;
  }

  async #predictBatch(slices: readonly PoolSlice[]): Promise<PoolMap[]> {
    const { height, width } = slices[0]!;
    const { classes } = this.#network;
    const { probability, infected } = await this.#predict(slices);
    const size = height * width * classes;
    return slices.map((_, i) => ({
      data: probability.slice(i * size, (i + 1) * size),
      height,
      width,
      classes,
      ...(infected && { infected: infected[i]! }),
    }));
  }
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, 0));
}
