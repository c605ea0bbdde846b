import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { trainSupervised } from '../../src/index.js';
import { discs, tinyModel, tinyRecipe } from '../tiny.js';

/** What `kill.test.ts` runs as a process of its own: trains a tiny network, going on with what is in `runFolder`. */
export async function doomedRun(runFolder: string): Promise<void> {
  await tf.setBackend('wasm');
  await trainSupervised({
    model: tinyModel(),
    data: discs(5),
    validation: { fraction: 0.2 },
    recipe: tinyRecipe({ epochs: 6, batchSize: 2 }),
    runFolder,
    resume: true,
    checkpointEvery: 1,
    validateEvery: 2,
    onProgress: (event) => process.stdout.write(`${event.type}\n`),
  });
}
