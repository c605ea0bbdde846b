import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { bench, describe } from 'vitest';
import { generatePseudoLabels, propagationRecipe } from '../src/index.js';
import { io, withoutMasks, writeImages } from '../test/pgm-io.js';
import { PixelModel } from '../test/pixel-model.js';
import { discs, tinyRecipe } from '../test/tiny.js';

/**
 * Memory and time over many rounds of Algorithm 1, each of one slice: `npx vitest bench --run propagation` prints a line
 * every 100 rounds. `ROUNDS` changes their number.
 */
const ROUNDS = Number(process.env['ROUNDS'] ?? 1000);
const SIZE = 32;

await tf.setBackend('wasm');

async function propagate(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'infnet-rounds-'));
  const [picture] = discs(1, SIZE);
  const unlabelled = withoutMasks(
    Array.from({ length: ROUNDS }, () => picture!),
    (i) => `ct_${i}`,
  );
  await writeImages(join(folder, 'unlabelled'), unlabelled);
  const model = new PixelModel();
  let begin = performance.now();
  await generatePseudoLabels({
    model,
    labelled: discs(4, SIZE),
    unlabelled: join(folder, 'unlabelled'),
    io,
    recipe: propagationRecipe(tinyRecipe({ size: SIZE, augment: 'none', batchSize: 64 }), { epochs: 1 }),
    groupSize: 1,
    runFolder: join(folder, 'run'),
    onProgress: (event) => {
      if (event.type !== 'round' || event.round % 100 !== 0) return;
      const { heapUsed, rss, arrayBuffers } = process.memoryUsage();
      const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;
      const ms = Math.round((performance.now() - begin) / 100);
      process.stderr.write(
        `round ${event.round}: ${tf.memory().numTensors} tensors, resident ${mebibytes(rss)}, ` +
          `heap ${mebibytes(heapUsed)}, buffers ${mebibytes(arrayBuffers)}, ${ms} ms a round\n`,
      );
      begin = performance.now();
    },
  });
  model.dispose();
  await rm(folder, { recursive: true });
}

describe(`${ROUNDS} rounds of propagation at ${SIZE} px`, () => {
  bench('propagate', propagate, { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0 });
});
