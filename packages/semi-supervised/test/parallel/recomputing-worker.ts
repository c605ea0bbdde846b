import { parentPort, workerData } from 'node:worker_threads';
import { selectBackend } from '@infnet/core-model';
import { composeBatch, prepareDataset, Trainer, type Batch, type TrainableModel } from '../../src/index.js';
import type { Objective } from '../../src/objective/objective.js';
import { deepSupervision } from '../../src/objective/deep-supervision.js';
import { divideStep } from '../../src/parallel/divide.js';
import { Team } from '../../src/parallel/team.js';
import { TeamTrainer } from '../../src/parallel/team-trainer.js';
import { discs, tinyModel, tinyRecipe } from '../tiny.js';

/** Slices in each batch; of one, the second worker has none. */
const COUNTS: readonly number[] = [3, 1, 4, 1];

const recipe = tinyRecipe({ batchSize: 4, microBatchSize: 4, optimiser: 'sgd', momentum: 0.9 });

/** As for a batch that does not fit with everything kept: blocks are computed again on the way back. */
const objective: Objective<TrainableModel, Batch> = {
  ...deepSupervision(),
  prepare(batch, moment) {
    const { model } = moment;
    const recomputing = {
      forward: (images: never, options: object) =>
        model.forward(images, { ...options, recompute: true } as never),
    } as TrainableModel;
    return deepSupervision().prepare(batch, { ...moment, model: recomputing });
  },
};

function* batches(): Generator<Batch> {
  const { samples } = prepareDataset(discs(4), { size: 64 });
  for (const [epoch, count] of COUNTS.entries()) {
    yield composeBatch(samples.slice(0, count), recipe, { seed: 0, epoch, scale: 1 });
  }
}

/** Trains in this thread; gives the weights. */
export async function trainAlone() {
  const trainer = new Trainer(tinyModel(), objective, recipe);
  for (const batch of batches()) await trainer.step(batch, 1e-3);
  return trainer.model.stateDict();
}

/** Trains as one of the workers, and posts the weights. */
export async function trainAsWorker(): Promise<void> {
  const { memory, own, workers } = workerData as { memory: SharedArrayBuffer; own: number; workers: number };
  await selectBackend('wasm');
  const trainer = new TeamTrainer(tinyModel(), objective, recipe, new Team(memory, own, workers));
  for (const batch of batches()) {
    const part = (whole: Batch, begin: number, end: number): Batch => objective.part(whole, begin, end);
    const divided = divideStep(batch, { workers, microBatchSize: 4, part });
    await trainer.takePart(divided[own]!, 1e-3);
  }
  parentPort!.postMessage(await trainer.model.stateDict(), []);
}
