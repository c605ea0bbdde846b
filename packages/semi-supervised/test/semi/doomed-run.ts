import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import {
  meanTeacherRecipe,
  oneShotRecipes,
  semiSupervisedRecipes,
  trainMeanTeacher,
  trainOneShot,
  trainSemiSupervised,
  type SemiMethod,
} from '../../src/index.js';
import { io } from '../pgm-io.js';
import { discs, tinyModel, tinyRecipe } from '../tiny.js';

const SHORT = { size: 64, batchSize: 4, epochs: 2, warmupSteps: 1 };

/** What `kill.test.ts` runs as a process of its own: a whole tiny training, going on with what is in `runFolder`. */
export async function doomedRun(runFolder: string, method: SemiMethod): Promise<void> {
  await tf.setBackend('wasm');
  const options = {
    createModel: () => tinyModel(),
    labelled: discs(4),
    unlabelled: join(runFolder, '..', 'unlabelled'),
    validation: { fraction: 0 },
    io,
    runFolder,
    resume: true,
    onProgress: ({ type }: { readonly type: string }) => void process.stdout.write(`${type}\n`),
  };
  switch (method) {
    case 'algorithm-1':
      await trainSemiSupervised({ ...options, recipes: semiSupervisedRecipes('short', SHORT), groupSize: 2 });
      break;
    case 'one-shot':
      await trainOneShot({
        ...options,
        recipes: oneShotRecipes('short', SHORT),
        pseudoWeights: 'certainty',
      });
      break;
    case 'mean-teacher': {
      const recipe = meanTeacherRecipe(tinyRecipe({ epochs: 6, batchSize: 2 }));
      const model = tinyModel();
      await trainMeanTeacher({ ...options, model, recipe, confidence: 'weighted', checkpointEvery: 1 });
      model.dispose();
    }
  }
}
