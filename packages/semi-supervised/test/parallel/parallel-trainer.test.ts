import type { Worker } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  composeBatch,
  deepSupervision,
  NonFiniteLossError,
  prepareDataset,
  Trainer,
  type Batch,
  type Recipe,
  type StepReport,
  type TrainableModel,
} from '../../src/index.js';
import type { NetworkTrainer } from '../../src/network-trainer.js';
import { ParallelTrainer } from '../../src/parallel/parallel-trainer.js';
import { builtWorker } from '../built-worker.js';
import { discs, tinyModel, tinyRecipe } from '../tiny.js';
import { largestDifference } from './compare.js';

type AnyTrainer = NetworkTrainer<TrainableModel, Batch>;

const objective = deepSupervision();
// Not Adam: it makes whole steps of gradients that are nothing but rounding, as those of biases before a batch norm.
const recipe = tinyRecipe({ batchSize: 4, microBatchSize: 4, optimiser: 'sgd', momentum: 0.9 });
const { samples } = prepareDataset(discs(4), { size: 64 });

let worker: () => Worker;
/** Those that were started last. */
let started: Worker[] = [];
beforeAll(async () => {
  expect(await tf.setBackend('wasm')).toBe(true);
  const start = await builtWorker();
  worker = () => {
    const thread = start();
    started.push(thread);
    return thread;
  };
});

function batchOf(count: number, epoch: number): Batch {
  return composeBatch(samples.slice(0, count), recipe, { seed: 0, epoch, scale: 1 });
}

async function makeSteps(trainer: AnyTrainer, counts: readonly number[]): Promise<StepReport[]> {
  const reports: StepReport[] = [];
  for (const [epoch, count] of counts.entries()) {
    reports.push(await trainer.step(batchOf(count, epoch), 1e-3));
  }
  return reports;
}

async function startParallel(workers: number, own: Recipe = recipe): Promise<AnyTrainer> {
  started = [];
  return ParallelTrainer.start({ model: tinyModel(), objective, recipe: own, workers, worker });
}

describe('workers that train together', () => {
  it.each([
    ['two, batches of 2', 2, [2, 2, 2], {}],
    ['two, the last batch of 1', 2, [3, 3, 1], {}],
    ['two, in uneven turns', 2, [4, 1, 3], { averageDecay: 0.9 }],
    ['three, of which some have nothing', 3, [4, 2, 1], { averageDecay: 0.9 }],
    ['two, in micro-batches of 3', 2, [4, 4, 3], { microBatchSize: 3, averageDecay: 0 }],
  ] as const)('do what one thread does: %s', async (_, workers, counts, changes) => {
    const own = { ...recipe, ...changes };
    const single = new Trainer(tinyModel(), objective, own);
    const parallel = await startParallel(workers, own);
    const expected = await makeSteps(single, counts);
    for (const [index, { loss, gradientNorm }] of (await makeSteps(parallel, counts)).entries()) {
      expect(loss / expected[index]!.loss).toBeCloseTo(1, 4);
      expect(gradientNorm / expected[index]!.gradientNorm).toBeCloseTo(1, 3);
    }
    const [theirs, whole] = [await parallel.state(), await single.state()];
    // Weights, running statistics, counters.
    expect(largestDifference(whole.weights, theirs.weights).difference).toBeLessThan(2e-5);
    expect(theirs.optimiser.step).toBe(counts.length);
    await single.withAverage(async () => {
      const average = await single.model.stateDict();
      await parallel.withAverage(async () => {
        const { difference } = largestDifference(average, await parallel.model.stateDict());
        expect(difference).toBeLessThan(2e-5);
      });
    });
    await parallel.adoptWeights?.();
    expect(await parallel.model.stateDict()).toEqual(theirs.weights);
    await parallel.dispose();
    single.dispose();
  });

  it('go on from a state to the very bytes, and give the same ones each time', async () => {
    const counts = [4, 1, 3, 4];
    const whole = await startParallel(2, { ...recipe, optimiser: 'adam' });
    await makeSteps(whole, counts);
    const expected = await whole.state();
    await whole.dispose();

    const first = await startParallel(2, { ...recipe, optimiser: 'adam' });
    await makeSteps(first, counts.slice(0, 2));
    const half = await first.state();
    await first.dispose();
    const second = await startParallel(2, { ...recipe, optimiser: 'adam' });
    second.restore(half);
    for (const [index, count] of counts.slice(2).entries())
      await second.step(batchOf(count, index + 2), 1e-3);
    expect(await second.state()).toEqual(expected);
    await second.dispose();
  });

  it('all refuse a step whose loss is not finite, and can make the next', async () => {
    const parallel = await startParallel(2);
    await parallel.step(batchOf(4, 0), 1e-3);
    const before = await parallel.state();
    const poisoned = batchOf(4, 1);
    poisoned.masks[3 * 64 * 64 + 70] = NaN; // of the second worker
    const failure = await parallel.step(poisoned, 1e-3).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NonFiniteLossError);
    expect((failure as NonFiniteLossError).message).toMatch(/step 2: .*disc-0, disc-1, disc-2, disc-3/);
    const after = await parallel.state();
    for (const name of parallel.model.parameters().keys()) {
      expect(after.weights.get(name)).toEqual(before.weights.get(name));
    }
    expect((await parallel.step(batchOf(4, 2), 1e-3)).loss).toBeGreaterThan(0);
    await parallel.dispose();
  });
});

describe('a worker', () => {
  it('that dies ends the step of all at once, and every later one', async () => {
    const parallel = await startParallel(3);
    const step = parallel.step(batchOf(4, 0), 1e-3);
    setTimeout(() => void started[1]!.terminate(), 20);
    const begun = performance.now();
    await expect(step).rejects.toMatchObject({
      code: 'worker-died',
      message: 'worker 2 of 3 died: it ended with code 1',
      hint: expect.stringContaining('Resume') as string,
    });
    expect(performance.now() - begun).toBeLessThan(5000);
    await expect(parallel.step(batchOf(4, 0), 1e-3)).rejects.toMatchObject({ code: 'worker-died' });
    await expect(parallel.state()).rejects.toMatchObject({ code: 'worker-died' });
    await parallel.adoptWeights?.();
    await parallel.dispose();
  });

  it('that fails ends the step of all, with what it failed of', async () => {
    const parallel = await startParallel(2);
    const whole = batchOf(4, 0);
    const broken: Batch = { ...whole, masks: whole.masks.subarray(0, 3 * 64 * 64) }; // too few for the second worker
    await expect(parallel.step(broken, 1e-3)).rejects.toMatchObject({
      code: 'worker-failed',
      message: expect.stringMatching(/a worker failed: .*shape/i) as string,
    });
    await parallel.dispose();
    await Promise.all(started.map((thread) => thread.terminate()));
  });

  it('that waits for others can be ended', async () => {
    const parallel = await startParallel(2);
    const step = parallel.step(batchOf(4, 0), 1e-3).catch((error: unknown) => error);
    await parallel.dispose();
    expect(await step).toMatchObject({ code: 'worker-died' });
  });
});
