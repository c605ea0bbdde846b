import * as tf from '@tensorflow/tfjs-core';
import type { WasmPaths } from '../backend/backend.js';
import { InfNet } from '../inf-net/inf-net.js';
import { metadataOf } from '../network/model-file.js';
import type { SegmentationNetwork } from '../network/segmentation-network.js';
import type { SliceGate } from '../slice-gate/slice-gate.js';
import { writeSafetensors } from '../weights/safetensors.js';
import { BatchPool } from './batch-pool.js';
import { checkChannels } from './check-channels.js';
import { PoolError } from './pool-error.js';
import { checkCount, cores, shared } from './resources.js';
import type { SlicePool } from './slice-pool.js';
import { WorkerPool } from './worker-pool.js';
import { type PoolWorker, startWorker } from './worker-thread.js';

/** How {@link createSlicePool} works. */
export interface SlicePoolOptions {
  /**
   * Workers, each with the whole network: on wasm at 352x352 about 0.6 GiB each. 0: none, batches in this thread.
   * Default: none where a GPU computes; else as many as cores, 4 at most.
   */
  readonly workers?: number;
  /** Also says of every slice whether it shows infection; trained behind the encoder of this very network. */
  readonly gate?: SliceGate;
  /** Slices in a batch where there are no workers. Default: 8 where a GPU computes, else 1. */
  readonly batch?: number;
  /** Slices that may wait. Default 256. */
  readonly queue?: number;
  /** Backend of the workers. Default `wasm`. */
  readonly backend?: 'wasm' | 'cpu';
  /** As for {@link selectBackend}, in the workers. */
  readonly wasmPaths?: WasmPaths;
  /** Starts a worker, where a bundler needs to see its script; see `@infnet/core-model/worker`. */
  readonly worker?: () => PoolWorker;
}

/** What computes in the thread that holds the network. */
const IN_THREAD = new Set(['wasm', 'cpu']);

/**
 * A pool that segments many slices with one network: batches where a GPU computes, else workers, in Node and in a page
 * alike. The network is not changed, and no longer needed when the pool is there.
 *
 * @param network in its trainable form, of three input channels
 * @throws {PoolError} `worker-not-started`, `unsupported-network`; {OptionError} for a number out of range;
 *   {InfNetError} `gate-mismatch` for the gate of another network
 *
 * @example
 * ```ts
 * import { createSlicePool, InfNet, selectBackend } from '@infnet/core-model';
 *
 * await selectBackend('auto');
 * const model = InfNet.create({ width: 0.25, channels: 16, blocks: [2, 2, 2, 2], seed: 0 });
 * const slices = Array.from({ length: 4 }, () => ({ data: new Uint8Array(96 * 96), height: 96, width: 96 }));
 * await using pool = await createSlicePool(model, { workers: 2 });
 * for await (const { map } of pool.predictAll(slices)) console.log(map.data.length);
 * ```
 */
export async function createSlicePool(
  network: SegmentationNetwork,
  options: SlicePoolOptions = {},
): Promise<SlicePool> {
  const gpu = !IN_THREAD.has(tf.getBackend());
  const {
    queue = 256,
    batch = gpu ? 8 : 1,
    backend = 'wasm',
    wasmPaths,
    worker = startWorker,
    gate,
  } = options;
  const workers = options.workers ?? (gpu ? 0 : Math.min(4, cores()));
  checkCount('workers', workers, 0);
  checkCount('batch', batch, 1);
  checkCount('queue', queue, 1);
  checkChannels(network);
  if (gate) await checkGate(gate, network);
  if (workers === 0) {
    return new BatchPool(network.fuse(), { batch, queue, device: tf.getBackend(), gate: gate?.fuse() });
  }
  return WorkerPool.start({
    workers,
    queue,
    backend,
    start: worker,
    weights: shared(await fileOf(network)),
    ...(gate && { gate: shared(await fileOf(gate)) }),
    ...(wasmPaths === undefined ? {} : { wasmPaths }),
  });
}

async function checkGate(gate: SliceGate, network: SegmentationNetwork): Promise<void> {
  if (network instanceof InfNet) return gate.checkEncoder(network);
  throw new PoolError(
    'unsupported-network',
    `a slice gate looks at the encoder of an Inf-Net, and this network is ${network.architecture}`,
    'leave the gate out, or segment with the Inf-Net that it was trained for',
  );
}

async function fileOf(network: SegmentationNetwork): Promise<Uint8Array> {
  const metadata = metadataOf(network.architecture, network.options);
  return writeSafetensors(await network.stateDict(), { metadata });
}
