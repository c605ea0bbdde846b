import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  semiSupervisedRecipes,
  trainSemiSupervised,
  type SemiSupervisedEvent,
  type SemiSupervisedOptions,
} from '../../src/index.js';
import { io, withoutMasks, writeImages } from '../pgm-io.js';
import { PixelModel } from '../pixel-model.js';
import { discs } from '../tiny.js';

const recipes = semiSupervisedRecipes('short', { size: 64, batchSize: 4, epochs: 2, warmupSteps: 1 });

let folder = '';
beforeAll(async () => {
  expect(await tf.setBackend('wasm')).toBe(true);
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'infnet-semi-'));
  await writeImages(
    join(folder, 'unlabelled', 'Imgs'),
    withoutMasks(discs(9).slice(5), (i) => `ct_${i}`),
  );
});
afterEach(() => rm(folder, { recursive: true }));

async function train(options: Partial<SemiSupervisedOptions> = {}) {
  const events: SemiSupervisedEvent[] = [];
  const result = await trainSemiSupervised({
    createModel: () => new PixelModel(),
    labelled: discs(5),
    unlabelled: join(folder, 'unlabelled'),
    validation: { fraction: 0.2 },
    io,
    recipes,
    groupSize: 2,
    runFolder: join(folder, 'run'),
    onProgress: (event) => events.push(event),
    ...options,
  });
  return { result, events };
}

const slicesIn = (events: readonly SemiSupervisedEvent[]): Record<string, number> =>
  Object.fromEntries(
    events.flatMap((event) =>
      event.type === 'stage-training' && event.event.type === 'run-start'
        ? [[event.stage, event.event.trainingSlices]]
        : [],
    ),
  );

describe('trainSemiSupervised', () => {
  it('goes through four stages, holding the validation slices out of all of them', async () => {
    const before = tf.memory().numTensors;
    const { result, events } = await train();
    const stages = events.filter((event) => event.type === 'stage').map(({ stage }) => stage);
    expect(stages).toEqual(['supervised', 'propagation', 'pre-train', 'fine-tune']);
    expect(slicesIn(events)).toEqual({ supervised: 4, 'pre-train': 4, 'fine-tune': 4 });
    expect(result.pseudoLabels.samples).toHaveLength(4);
    expect(await readFile(result.modelPath)).toEqual(await readFile(result.fineTuned.modelPath as string));
    expect(result.fineTuned.validation?.slices).toBe(1);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('pre-trains on labelled slices too where asked, as the released code does', async () => {
    const { events } = await train({ preTrainOn: 'hybrid' });
    expect(slicesIn(events)).toMatchObject({ 'pre-train': 8 });
  });

  it('is taken up by the same call, and refuses a folder with a run otherwise', async () => {
    const { result } = await train({ runFolder: join(folder, 'whole') });
    const stopped = new AbortController();
    const onProgress = (event: SemiSupervisedEvent): void => {
      if (event.type === 'stage' && event.stage === 'pre-train') stopped.abort();
    };
    await expect(train({ signal: stopped.signal, onProgress })).rejects.toThrow(/abort/i);
    await expect(train()).rejects.toMatchObject({ code: 'run-exists' });
    const again = await train({ resume: true });
    expect(await readFile(again.result.modelPath)).toEqual(await readFile(result.modelPath));
  });

  it('wants one size for all stages', async () => {
    const mixed = { ...recipes, propagation: { ...recipes.propagation, size: 96 } };
    await expect(train({ recipes: mixed })).rejects.toMatchObject({ code: 'invalid-option' });
  });
});

describe('semiSupervisedRecipes', () => {
  it('has the published batches and the released rounds', () => {
    const published = semiSupervisedRecipes('paper');
    expect(published['pre-train']).toMatchObject({ batchSize: 24, epochs: 100, learningRate: 1e-4 });
    expect(published['fine-tune']).toMatchObject({ batchSize: 16, epochs: 100, learningRate: 1e-4 });
    expect(published.propagation).toMatchObject({ batchSize: 16, epochs: 9, learningRate: 3e-4 });
  });

  it('lets options of one stage win over those of all', () => {
    const own = semiSupervisedRecipes('short', { epochs: 5 }, { propagation: { epochs: 1 } });
    expect([own.supervised.epochs, own.propagation.epochs, own['fine-tune'].epochs]).toEqual([5, 1, 5]);
  });
});
