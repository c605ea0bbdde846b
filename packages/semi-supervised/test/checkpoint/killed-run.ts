/** A program for `kill.test.ts`: trains a tiny network in the run folder it is given, resuming what is there. */
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { trainSupervised } from '../../src/index.js';
import { discs, tinyModel, tinyRecipe } from '../tiny.js';

await tf.setBackend('wasm');
await trainSupervised({
  model: tinyModel(),
  data: discs(5),
  validation: { fraction: 0.2 },
  recipe: tinyRecipe({ epochs: 6, batchSize: 2 }),
  runFolder: process.argv[2] as string,
  resume: true,
  checkpointEvery: 1,
  validateEvery: 2,
  onProgress: (event) => process.stdout.write(`${event.type}\n`),
});
