import type { SegmentationNetwork } from '../network/segmentation-network.js';
import type { SliceGate } from '../slice-gate/slice-gate.js';
import { type Predictor, predictor } from './predictor.js';
import { QueuedPool } from './queued-pool.js';
import type { PoolMap, PoolSlice } from './slice-pool.js';
import { disposed } from './slice-queue.js';

/** Slices of one size go through the network together, in this thread: what a GPU wants. Owns the network. */
export class BatchPool extends QueuedPool {
  readonly parallel: number;
  readonly device: string;
  readonly #network: SegmentationNetwork;
  readonly #gate: SliceGate | undefined;
  readonly #predict: Predictor;
  #running: Promise<void> | undefined;

  /** @param network the fused form; it is disposed of with the pool, as is the gate */
  constructor(
    network: SegmentationNetwork,
    options: { batch: number; queue: number; device: string; gate?: SliceGate | undefined },
  ) {
    super(options.queue);
    this.#network = network;
    this.#gate = options.gate;
    this.#predict = predictor(network, options.gate);
    this.parallel = options.batch;
    this.device = options.batch === 1 ? options.device : `batches of ${options.batch}, ${options.device}`;
  }

  async dispose(): Promise<void> {
    this.queue.close(disposed());
    await this.#running;
    this.#network.dispose();
    this.#gate?.dispose();
  }

  protected takeUp(): void {
    this.#running ??= this.#run();
  }

  /** Batch after batch, until nothing waits. Slices that come in one turn of the event loop share a batch. */
  async #run(): Promise<void> {
    for (;;) {
      await nextTask(); // an abort is heard between batches
      const batch = this.queue.takeAlike(this.parallel);
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
