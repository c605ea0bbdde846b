import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { SliceGate } from '@infnet/core-model';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  deepSupervision,
  meanTeacherRecipe,
  semiSupervisedRecipes,
  trainMeanTeacher,
  trainMultiClass,
  trainSemiSupervised,
  trainSliceGate,
  trainSupervised,
  type RunOptions,
  type SliceGateTrainingOptions,
  type SupervisedOptions,
  type TrainingEvent,
} from '../../src/index.js';
import { builtWorker } from '../built-worker.js';
import { classDiscs, tinyClassifier, tinyClassRecipe } from '../multi-class/class-discs.js';
import { io, withoutMasks, writeImages } from '../pgm-io.js';
import { PixelModel } from '../pixel-model.js';
import { discs, tinyModel, tinyRecipe } from '../tiny.js';

let worker: () => Worker;
let started: Worker[] = [];
let folder = '';
let unlabelled = '';
beforeAll(async () => {
  expect(await tf.setBackend('wasm')).toBe(true);
  folder = await mkdtemp(join(tmpdir(), 'infnet-together-'));
  unlabelled = join(folder, 'unlabelled');
  await writeImages(
    unlabelled,
    withoutMasks(discs(6).slice(3), (i) => `ct_${i}`),
  );
  const start = await builtWorker();
  worker = () => {
    const thread = start();
    started.push(thread);
    return thread;
  };
});
afterAll(() => rm(folder, { recursive: true }));

const recipe = tinyRecipe({
  batchSize: 2,
  epochs: 2,
  averageDecay: 0.9,
  optimiser: 'sgd',
  momentum: 0.9,
  learningRate: 1e-3,
});

async function supervised(name: string, options: Partial<SupervisedOptions> = {}) {
  started = [];
  using model = tinyModel();
  const events: TrainingEvent[] = [];
  const result = await trainSupervised({
    model,
    data: discs(6),
    validation: { fraction: 0.2 },
    recipe,
    runFolder: join(folder, name),
    resume: true,
    workers: 2,
    worker,
    ...options,
    onProgress(event) {
      events.push(event);
      options.onProgress?.(event);
    },
  });
  return { events, result };
}

function filesOf(name: string): Promise<string[]> {
  const files = ['model.safetensors', 'best.safetensors', 'last.safetensors', 'config.json'];
  return Promise.all(files.map((file) => readFile(join(folder, name, file), 'base64')));
}

function stepsOf(events: readonly TrainingEvent[]): { loss: number; gradientNorm: number }[] {
  return events.filter((event) => event.type === 'step');
}

function expectAlike(
  events: readonly TrainingEvent[],
  others: readonly TrainingEvent[],
  digits: number,
): void {
  expect(stepsOf(events).length).toBe(stepsOf(others).length);
  for (const [index, { loss }] of stepsOf(events).entries()) {
    expect(loss / stepsOf(others)[index]!.loss).toBeCloseTo(1, digits);
  }
}

describe('a run of two workers', () => {
  it('is that of one thread, in the same files, and ends its threads', async () => {
    const one = await supervised('one', { workers: 1 });
    expect(started).toHaveLength(0);
    const two = await supervised('two');
    expect(started).toHaveLength(2);
    expect(started.map(({ threadId }) => threadId)).toEqual([-1, -1]);
    expectAlike(two.events, one.events, 4);
    expect(two.events[0]).toMatchObject({ type: 'run-start', workers: 2 });
    expect(two.events.map(({ type }) => type)).toEqual(one.events.map(({ type }) => type));
    expect(two.result.validation!.meanDice).toBeCloseTo(one.result.validation!.meanDice, 3);
    expect((await filesOf('two'))[3]).toBe((await filesOf('one'))[3]);
  });

  it('stopped and resumed, ends with the very bytes of an undisturbed one', async () => {
    await supervised('whole');
    const stopped = new AbortController();
    const onProgress = (event: TrainingEvent): void => {
      if (event.type === 'step' && event.step === 2) stopped.abort();
    };
    await expect(supervised('parts', { signal: stopped.signal, onProgress })).rejects.toThrow(/abort/i);
    expect(started.map(({ threadId }) => threadId)).toEqual([-1, -1]);
    await supervised('parts');
    expect(await filesOf('parts')).toEqual(await filesOf('whole'));
  });

  it('goes on after a worker has died, with another number of workers too', async () => {
    const onProgress = (event: TrainingEvent): void => {
      if (event.type === 'step' && event.step === 4) void started[0]!.terminate();
    };
    const died = supervised('died', { checkpointEvery: 1, onProgress });
    await expect(died).rejects.toMatchObject({ code: 'worker-died' });
    const { events } = await supervised('died', { workers: 1 });
    expect(stepsOf(events)).toMatchObject([{ step: 4 }, { step: 5 }, { step: 6 }]);
  });

  it('leaves the training weights in the network when it is stopped', async () => {
    using model = tinyModel();
    using untouched = tinyModel();
    const stopped = new AbortController();
    const onProgress = (event: TrainingEvent): void => {
      if (event.type === 'step' && event.step === 2) stopped.abort();
    };
    const options = { model, data: discs(4), recipe, workers: 2, worker, onProgress };
    await expect(trainSupervised({ ...options, signal: stopped.signal })).rejects.toThrow(/abort/i);
    const counter = 'resnet.bn1.num_batches_tracked';
    expect((await model.stateDict()).get(counter)!.data[0]).toBe(2n);
    expect((await untouched.stateDict()).get(counter)!.data[0]).toBe(0n);
  });
});

describe('workers', () => {
  it('train with a mean teacher', async () => {
    const train = async (workers: number): Promise<TrainingEvent[]> => {
      using model = tinyModel();
      const events: TrainingEvent[] = [];
      await trainMeanTeacher({
        model,
        labelled: discs(4),
        unlabelled,
        validation: { fraction: 0 },
        io,
        recipe: meanTeacherRecipe({ ...recipe, epochs: 1 }),
        confidence: 'weighted',
        rampUpSteps: 0,
        workers,
        worker,
        onProgress: (event) => events.push(event),
      });
      return events;
    };
    expectAlike(await train(2), await train(1), 4);
  });

  it('train a network of several classes', async () => {
    const train = async (workers: number): Promise<TrainingEvent[]> => {
      using model = tinyClassifier();
      const events: TrainingEvent[] = [];
      await trainMultiClass({
        model,
        data: classDiscs(5),
        validation: { fraction: 0 },
        prior: { kind: 'true-masks' },
        recipe: tinyClassRecipe({ epochs: 1, batchSize: 3, microBatchSize: 3 }),
        workers,
        worker,
        onProgress: (event) => events.push(event),
      });
      return events;
    };
    expectAlike(await train(2), await train(1), 4);
  });

  it('train every stage of a Semi-Inf-Net', async () => {
    const runs: number[] = [];
    const short = { epochs: 1 };
    await trainSemiSupervised({
      createModel: () => tinyModel(),
      labelled: discs(3),
      unlabelled,
      validation: { fraction: 0 },
      io,
      groupSize: 2,
      recipes: semiSupervisedRecipes(
        'short',
        { size: 64, batchSize: 2 },
        { supervised: short, propagation: short, 'pre-train': short, 'fine-tune': short },
      ),
      runFolder: join(folder, 'semi'),
      workers: 2,
      worker,
      onProgress(event) {
        const inner =
          event.type === 'stage-training'
            ? event.event
            : event.type === 'stage-propagation' && event.event.type === 'round-training'
              ? event.event.event
              : undefined;
        if (inner?.type === 'run-start') runs.push(inner.workers);
      },
    });
    expect(runs).toEqual([2, 2, 2, 2, 2]); // two rounds among them
  });

  it.each([
    ['more than slices', { workers: 3 }, /3 workers, and 2 slices/],
    ['none', { workers: 0 }, /workers is 0/],
    ['half of one', { workers: 1.5 }, /workers is 1.5/],
    [
      'an objective of the caller',
      { objective: { ...deepSupervision(), description: { name: 'own' } } },
      /"own"/,
    ],
    ['a network of the caller', 'pixel', /cannot make this network/],
  ])('are refused: %s', async (name, options, message) => {
    const given = options === 'pixel' ? { model: new PixelModel() } : (options as Partial<SupervisedOptions>);
    const refused = supervised(`refused ${name}`, given);
    await expect(refused).rejects.toMatchObject({ code: 'invalid-option' });
    await expect(refused).rejects.toThrow(message);
    expect(started).toHaveLength(0);
  });

  it('are refused before they are started where their slices do not fit', async () => {
    const vast = { ...recipe, size: 352, batchSize: 4096, microBatchSize: 4096 };
    await expect(supervised('refused vast', { data: discs(2, 352), recipe: vast })).rejects.toMatchObject({
      code: 'backend-limit',
      message: expect.stringMatching(/^2048 images of 352x352 .* for each of 2 threads$/) as string,
      hint: expect.stringMatching(/^Take at most \d+ at once in each\.$/) as string,
    });
    expect(started).toHaveLength(0);
  });

  it('are refused for a slice gate', async () => {
    using encoder = tinyModel();
    using gate = await SliceGate.create(encoder);
    const [empty] = discs(1);
    const options: SliceGateTrainingOptions & RunOptions = {
      gate,
      encoder,
      data: [
        ...discs(2),
        { ...empty!, id: 'healthy', mask: { ...empty!.mask, data: new Uint8Array(64 * 64) } },
      ],
      validation: { fraction: 0 },
      recipe: { ...recipe, preset: 'slice-gate' },
      workers: 2,
    };
    await expect(trainSliceGate(options)).rejects.toThrow(/do not know the objective "slice-gate"/);
  });

  it('are refused on another backend', async () => {
    await tf.setBackend('cpu');
    try {
      await expect(supervised('refused cpu')).rejects.toThrow(/on the backend wasm, not on "cpu"/);
    } finally {
      await tf.setBackend('wasm');
    }
  });
});
