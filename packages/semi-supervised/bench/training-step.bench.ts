import '@tensorflow/tfjs-backend-wasm';
import { InfNet, selectBackend } from '@infnet/core-model';
import { bench, describe } from 'vitest';
import { inWords, runPython } from '../../core-model/bench/peers.js';
import { type Batch, deepSupervision, resolveRecipe, Trainer } from '../src/index.js';

/**
 * One training step of the whole Res2Net50 Inf-Net: forward, the paper's loss, backward, Adam; on WebAssembly, one thread.
 * `mean` is milliseconds a step. PyTorch does the same beside it, on one thread too, where Python has it. `SIZE` and
 * `BATCH` change the slices' side and their number.
 */
const SIZE = Number(process.env['SIZE'] ?? 352);
const BATCH = Number(process.env['BATCH'] ?? 1);
const STEPS = 3;

await selectBackend('wasm');
const model = InfNet.create();
const recipe = resolveRecipe('paper', { size: SIZE, batchSize: BATCH });
const trainer = new Trainer(model, deepSupervision(), recipe);
const batch = discBatch();

describe(`training step, ${BATCH}x${SIZE}x${SIZE}, wasm, one thread`, () => {
  bench(
    'forward, loss, backward and Adam',
    async () => {
      await trainer.step(batch, recipe.learningRate);
    },
    { iterations: STEPS, time: 0, warmupIterations: 1, warmupTime: 0, teardown: tellPeer },
  );
});

/** Slices of a lesion each: a disc, and its rim as the edge. */
function discBatch(): Batch {
  const pictures = Array.from({ length: BATCH }, (_, slice) => {
    const radius = (SIZE * (slice + 2)) / (4 * BATCH + 8);
    return Array.from({ length: SIZE * SIZE }, (__, pixel) => {
      const distance = Math.hypot((pixel % SIZE) - SIZE / 3, Math.floor(pixel / SIZE) - SIZE / 2) - radius;
      return {
        grey: distance < 0 ? 160 : pixel % 97,
        mask: Number(distance < 0),
        edge: Number(Math.abs(distance) < 1),
      };
    });
  }).flat();
  return {
    ids: Array.from({ length: BATCH }, (_, slice) => `disc ${slice}`),
    size: SIZE,
    images: Float32Array.from(pictures, ({ grey }) => grey),
    masks: Float32Array.from(pictures, ({ mask }) => mask),
    edges: Float32Array.from(pictures, ({ edge }) => edge),
  };
}

/** Once the steps are made: vitest runs no afterAll hooks when it benches. */
function tellPeer(_task: unknown, mode: 'run' | 'warmup'): void {
  if (mode !== 'run') return;
  const mebibytes = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stderr.write(`peak memory of this process: ${mebibytes} MiB\n`);
  const theirs = inWords(runPython('measure.py', ['step', SIZE, STEPS, 1, BATCH]));
  process.stderr.write(`PyTorch, one thread, the same step: ${theirs}\n`);
}
