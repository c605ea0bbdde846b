import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { semiSupervisedRecipes, trainSemiSupervised } from '../../src/index.js';
import { io } from '../pgm-io.js';
import { discs, tinyModel } from '../tiny.js';

/** What `kill.test.ts` runs as a process of its own: a whole tiny Semi-Inf-Net, going on with what is in `runFolder`. */
export async function doomedRun(runFolder: string): Promise<void> {
  await tf.setBackend('wasm');
  await trainSemiSupervised({
    createModel: () => tinyModel(),
    labelled: discs(4),
    unlabelled: join(runFolder, '..', 'unlabelled'),
    validation: { fraction: 0 },
    io,
    recipes: semiSupervisedRecipes('short', { size: 64, batchSize: 4, epochs: 2, warmupSteps: 1 }),
    groupSize: 2,
    runFolder,
    resume: true,
    onProgress: (event) => process.stdout.write(`${event.type}\n`),
  });
}
