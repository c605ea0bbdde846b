import '@tensorflow/tfjs-backend-wasm';
import { InfNet, selectBackend } from '@infnet/core-model';
import { bench, describe } from 'vitest';
import { inWords, runPython } from '../../core-model/bench/peers.js';
import { deepSupervision, resolveRecipe, Trainer } from '../src/index.js';
import { discBatch } from './disc-batch.js';

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
const batch = discBatch(BATCH, SIZE);

describe(`training step, ${BATCH}x${SIZE}x${SIZE}, wasm, one thread`, () => {
  bench(
    'forward, loss, backward and Adam',
    async () => {
      await trainer.step(batch, recipe.learningRate);
    },
    { iterations: STEPS, time: 0, warmupIterations: 1, warmupTime: 0, teardown: tellPeer },
  );
});

/** Once the steps are made: vitest runs no afterAll hooks when it benches. */
function tellPeer(_task: unknown, mode: 'run' | 'warmup'): void {
  if (mode !== 'run') return;
  const mebibytes = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stderr.write(`peak memory of this process: ${mebibytes} MiB\n`);
  const theirs = inWords(runPython('measure.py', ['step', SIZE, STEPS, 1, BATCH]));
  process.stderr.write(`PyTorch, one thread, the same step: ${theirs}\n`);
}
