import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createModel, loadModel, readClassFacts, readSafetensorsFile } from '@infnet/core-model';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  infectionPredictor,
  PRESETS,
  resolveClassRecipe,
  trainMultiClass,
  type MultiClassScores,
  type RunConfig,
  type TrainingEvent,
} from '../../src/index.js';
import { tinyModel } from '../tiny.js';
import { classDiscs, classIO, tinyClassifier, tinyClassRecipe } from './class-discs.js';

const samples = classDiscs(9);
let folder = '';

beforeAll(async () => {
  expect(await tf.setBackend('wasm')).toBe(true);
  folder = await mkdtemp(join(tmpdir(), 'infnet-multi-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('multi-class training', () => {
  it('learns the classes with a map of the true masks', async () => {
    using model = tinyClassifier();
    const { validation } = await trainMultiClass({
      model,
      data: classDiscs(10),
      validation: { fraction: 0.4 },
      prior: { kind: 'true-masks' },
      recipe: tinyClassRecipe({ epochs: 16, augment: 'flip', learningRate: 1e-2 }),
      validateEvery: 16,
    });
    const { classes, dice } = validation as MultiClassScores;
    expect(classes.map(({ name }) => name)).toEqual(['ground-glass', 'consolidation']);
    for (const one of classes) expect(one.dice).toBeGreaterThan(0.6);
    expect(dice).toBeCloseTo((classes[0]!.dice + classes[1]!.dice) / 2, 10);
  });

  it('goes on after an interruption to the same bytes, maps of a network included', async () => {
    using infNet = tinyModel(5);
    const predict = infectionPredictor(infNet, { size: 32, resize: classIO.resize });
    const run = async (name: string, stopAt?: number): Promise<Uint8Array> => {
      using model = tinyClassifier(1);
      const controller = new AbortController();
      const options = {
        model,
        data: samples,
        prior: { kind: 'model', predict, name: 'inf-net.safetensors', sha256: 'ab12' },
        recipe: tinyClassRecipe(),
        seed: 3,
        runFolder: join(folder, name),
        resume: true,
      } as const;
      if (stopAt !== undefined) {
        const onProgress = (event: TrainingEvent): void => {
          if (event.type === 'step' && event.step === stopAt) controller.abort();
        };
        await expect(trainMultiClass({ ...options, signal: controller.signal, onProgress })).rejects.toThrow(
          /abort/,
        );
        model.loadStateDict(await tinyClassifierState());
      }
      const { modelPath } = await trainMultiClass(options);
      return readFile(modelPath!);
    };
    const undisturbed = await run('undisturbed');
    expect(Buffer.compare(await run('stopped', 4), undisturbed)).toBe(0);

    const { metadata } = readSafetensorsFile(undisturbed);
    expect(metadata['infnet.size']).toBe('32');
    using trained = await loadModel(undisturbed);
    expect(readClassFacts(trained, metadata)).toEqual({
      classes: ['ground-glass', 'consolidation'],
      activation: 'softmax',
      prior: { kind: 'model', name: 'inf-net.safetensors', sha256: 'ab12' },
    });
  });

  it('writes what applies to it alone, and refuses to take a run up with another loss or other maps', async () => {
    const start = async (change: object): Promise<unknown> => {
      using model = tinyClassifier(1);
      return await trainMultiClass({
        model,
        data: samples,
        prior: { kind: 'true-masks' },
        recipe: tinyClassRecipe({ epochs: 1 }),
        runFolder: join(folder, 'strict'),
        resume: true,
        ...change,
      });
    };
    await start({ recipe: { ...PRESETS.short.recipe, ...tinyClassRecipe({ epochs: 1 }) } });
    const config = JSON.parse(await readFile(join(folder, 'strict', 'config.json'), 'utf8')) as RunConfig;
    expect(config.recipe).toEqual(tinyClassRecipe({ epochs: 1 }));
    for (const name of ['loss', 'edgeTarget']) expect(config.recipe).not.toHaveProperty(name);
    await expect(start({ loss: 'reference' })).rejects.toMatchObject({
      code: 'run-mismatch',
      message: expect.stringContaining('task.objective.loss') as string,
    });
    const given = samples.map((sample) => ({ ...sample, prior: sample.image }));
    await expect(start({ data: given, prior: { kind: 'given' } })).rejects.toThrow(/task.prior/);
    await expect(start({ classes: ['a', 'b'] })).rejects.toThrow(/task.classes/);
  });

  it('refuses a network that does not fit classes or maps', async () => {
    using guided = tinyClassifier();
    using bare = createModel('multi-class-unet', { width: 0.0625, prior: false });
    const start = (change: object): Promise<unknown> =>
      trainMultiClass({
        model: guided,
        data: samples,
        prior: { kind: 'none' },
        recipe: tinyClassRecipe(),
        ...change,
      });
    await expect(start({})).rejects.toThrow(/the prior is none/);
    await expect(start({ model: bare, prior: { kind: 'true-masks' } })).rejects.toThrow(
      /takes no infection map/,
    );
    await expect(start({ model: bare, classes: ['one'] })).rejects.toThrow(/3 channels, there are 1 classes/);
  });
});

describe('presets', () => {
  it('are the released code’s and the paper’s SGD, and sane ones', () => {
    const { optimiser, momentum, learningRate, size, batchSize, epochs, clip } =
      resolveClassRecipe('reference');
    expect({ optimiser, momentum, learningRate, size, batchSize, epochs, clip }).toEqual({
      optimiser: 'sgd',
      momentum: 0.7,
      learningRate: 1e-2,
      size: 352,
      batchSize: 16,
      epochs: 200,
      clip: null,
    });
    const paper = resolveClassRecipe('paper');
    expect(paper).toMatchObject({ size: 512, momentum: 0.99, weightDecay: 5e-4, preset: 'paper' });
    expect(paper.learningRate / (16 * 512 * 512)).toBeCloseTo(1e-10, 15);
    expect(resolveClassRecipe('short', { batchSize: 2 })).toMatchObject({ batchSize: 2, microBatchSize: 2 });
    expect(() => resolveClassRecipe('fast' as 'short')).toThrow(/no preset "fast"/);
  });
});

/** What a fresh model of the test's seed starts from. */
async function tinyClassifierState(): ReturnType<ReturnType<typeof tinyClassifier>['stateDict']> {
  using model = tinyClassifier(1);
  return await model.stateDict();
}
