import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import { InfNet, selectBackend } from '@infnet/core-model';
import { deepSupervision, PRESETS, resolveRecipe, Trainer, type PresetName } from '../src/index.js';
import { ParallelTrainer } from '../src/parallel/parallel-trainer.js';
import { discBatch } from './disc-batch.js';

/**
 * What `parallel-training.bench.ts` runs as a process of its own. For each line that it is sent it makes a training step and
 * says how many seconds that took; in the end, how many bytes were resident at the most.
 *
 * @param args script of the workers, preset, number of workers (1: this thread), side of the slices, slices in a batch
 */
export async function makeSteps([script = '', preset = '', ...numbers]: readonly string[]): Promise<void> {
  const [workers = 1, size = 352, batchSize = 2] = numbers.map(Number);
  await selectBackend('wasm');
  const model = InfNet.create({ ...PRESETS[preset as PresetName].network, seed: 0 });
  const objective = deepSupervision();
  const recipe = resolveRecipe(preset as PresetName, { size, batchSize });
  const trainer =
    workers === 1
      ? new Trainer(model, objective, recipe)
      : await ParallelTrainer.start({ model, objective, recipe, workers, worker: () => new Worker(script) });
  const batch = discBatch(batchSize, size);
  const lines = createInterface({ input: process.stdin });
  lines.on('line', async () => {
    const begun = performance.now();
    await trainer.step(batch, recipe.learningRate);
    process.stdout.write(`${(performance.now() - begun) / 1000}\n`);
  });
  process.stdout.write('ready\n');
  await once(lines, 'close');
  process.stdout.write(`${process.resourceUsage().maxRSS * 1024}\n`);
  await trainer.dispose();
}
