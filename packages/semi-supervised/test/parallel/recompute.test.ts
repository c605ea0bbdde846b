import { Worker } from 'node:worker_threads';
import type { StateDict } from '@infnet/core-model';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { expect, it } from 'vitest';
import { slotMemory } from '../../src/parallel/slots.js';
import { bundle } from '../bundle.js';
import { largestDifference } from './compare.js';
import { trainAlone } from './recomputing-worker.js';

it('blocks that are computed again normalise by the whole batch again', async () => {
  expect(await tf.setBackend('wasm')).toBe(true);
  const script = await bundle(
    'recomputing-worker',
    "import { trainAsWorker } from './parallel/recomputing-worker.js'; await trainAsWorker();",
  );
  const workers = 2;
  const memory = slotMemory(workers);
  const trained = Array.from(
    { length: workers },
    (_, own) =>
      new Promise<StateDict>((resolve, reject) => {
        const worker = new Worker(script, { workerData: { memory, own, workers } });
        worker.once('message', resolve);
        worker.once('error', reject);
      }),
  );
  const alone = await trainAlone();
  const [first, second] = await Promise.all(trained);
  expect(largestDifference(alone, first!).difference).toBeLessThan(2e-5);
  // Running statistics among them. How many batches it has seen, each worker counts for itself; the first one's count is kept.
  for (const name of first!.keys()) if (name.endsWith('num_batches_tracked')) first!.delete(name);
  expect(largestDifference(first!, second!).difference).toBe(0);
});
