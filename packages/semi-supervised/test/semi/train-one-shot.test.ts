import { rmSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  composeBatch,
  deepSupervision,
  oneShotRecipes,
  prepareDataset,
  pseudoLabel,
  readRun,
  Trainer,
  trainOneShot,
  trainSemiSupervised,
  type OneShotOptions,
  type SemiSupervisedEvent,
} from '../../src/index.js';
import { planSteps } from '../../src/plan.js';
import { io, withoutMasks, writeImages } from '../pgm-io.js';
import { PixelModel } from '../pixel-model.js';
import { discs } from '../tiny.js';

const CONSTANT = { schedule: 'constant', averageDecay: 0 } as const;
const recipes = oneShotRecipes('short', { size: 64, batchSize: 4, epochs: 2, ...CONSTANT });
const labelled = discs(3);
const images = withoutMasks(discs(8).slice(4), (i) => `ct_${i}`);

let folder = '';
let unlabelled = '';
beforeAll(async () => {
  expect(await tf.setBackend('wasm')).toBe(true);
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'infnet-one-shot-'));
  unlabelled = join(folder, 'unlabelled');
  await writeImages(join(unlabelled, 'Imgs'), images);
});
afterEach(() => rm(folder, { recursive: true }));

async function train(options: Partial<OneShotOptions> = {}) {
  const events: SemiSupervisedEvent[] = [];
  const result = await trainOneShot({
    createModel: () => new PixelModel(),
    labelled,
    unlabelled,
    validation: { fraction: 0 },
    io,
    recipes,
    seed: 3,
    runFolder: join(folder, 'run'),
    onProgress: (event) => events.push(event),
    ...options,
  });
  return { result, events };
}

/** Trains a new network as the trainer does, step by step; nothing is averaged, so the last weights are the result. */
async function trained(slices: Parameters<typeof composeBatch>[0]): Promise<PixelModel> {
  const model = new PixelModel();
  const { student: recipe } = recipes;
  const trainer = new Trainer(model, deepSupervision(), recipe);
  for (const { epoch, indices, scale } of planSteps(slices.length, recipe, 3)) {
    const chosen = indices.map((i) => slices[i]!);
    await trainer.step(composeBatch(chosen, recipe, { seed: 3, epoch, scale }), recipe.learningRate);
  }
  trainer.dispose();
  return model;
}

describe('trainOneShot', () => {
  it('is: train, label every slice by that one network, train a new one on both', async () => {
    const before = tf.memory().numTensors;
    const { result, events } = await train();
    expect(tf.memory().numTensors).toBe(before);

    const { samples } = prepareDataset(labelled, { size: 64, io });
    const teacher = await trained(samples);
    const both = [...samples];
    for (const [id, image] of Object.entries(images)) {
      const { mask, edge } = await pseudoLabel(teacher, image, { size: 64, io });
      const { data } = mask;
      both.push({
        id: `pseudo/${id}`,
        size: 64,
        image: image.data,
        mask: data,
        edge: edge.data,
        hasForeground: true,
      });
    }
    expect(result.pseudoLabels.samples).toEqual(both.slice(samples.length));
    const student = await trained(both);
    const expected = join(folder, 'expected.safetensors');
    await student.save(expected);
    expect(await readFile(result.modelPath)).toEqual(await readFile(expected));
    tf.dispose([...teacher.parameters().values(), ...student.parameters().values()]);

    const stages = events.filter((event) => event.type === 'stage').map(({ stage }) => stage);
    expect(stages).toEqual(['supervised', 'labelling', 'student']);
    const config = JSON.parse(await readFile(join(folder, 'run', 'student', 'config.json'), 'utf8'));
    expect(config.task.pseudoLabels).toMatchObject({
      method: 'one-shot',
      labels: 'soft',
      stretch: 'min-max',
    });
    expect(await readRun(join(folder, 'run', 'labelling'))).toMatchObject({
      kind: 'labelling',
      labelled: 4,
      events: { end: 'completed', warnings: {} },
    });
  });

  it('stopped after any slice it goes on with the next, and ends with the same bytes', async () => {
    const { result } = await train({ runFolder: join(folder, 'whole') });
    for (const done of [1, 3]) {
      const stopped = new AbortController();
      const onProgress = (event: SemiSupervisedEvent): void => {
        if (event.type !== 'stage-labelling' || event.event.type !== 'slice-labelled') return;
        if (event.event.done === done) stopped.abort();
      };
      await expect(train({ resume: true, signal: stopped.signal, onProgress })).rejects.toThrow(/abort/i);
      const place = join(folder, 'run', 'labelling');
      expect(await readdir(join(place, 'labels', 'Imgs'))).toHaveLength(done);
      expect(await readRun(place)).toMatchObject({ labelled: done, events: { end: 'aborted' } });
    }
    await expect(train()).rejects.toMatchObject({ code: 'run-exists' });
    const again = await train({ resume: true });
    expect(await readFile(again.result.modelPath)).toEqual(await readFile(result.modelPath));
  });

  it('leaves out an image that cannot be decoded, and stops where the folder is gone', async () => {
    await writeFile(join(unlabelled, 'Imgs', 'ct_9.png'), 'no picture');
    const { result, events } = await train();
    expect(result.pseudoLabels.leftOut).toEqual(['ct_9']);
    expect(result.pseudoLabels.samples).toHaveLength(4);
    const told = events.flatMap((event) => (event.type === 'stage-labelling' ? [event.event] : []));
    expect(told.filter(({ type }) => type === 'warning')).toMatchObject([
      { code: 'unreadable-file', subject: join(unlabelled, 'Imgs', 'ct_9.png') },
    ]);
    const onProgress = (event: SemiSupervisedEvent): void => {
      const begins = event.type === 'stage-labelling' && event.event.type === 'labelling-start';
      if (begins) rmSync(unlabelled, { recursive: true });
    };
    const gone = train({ runFolder: join(folder, 'gone'), onProgress });
    await expect(gone).rejects.toMatchObject({ code: 'folder-not-readable' });
  });

  it('refuses other slices, another teacher, and a folder of Algorithm 1', async () => {
    await train();
    await expect(train({ resume: true, labels: 'binary' })).rejects.toThrow(/style.labels was "soft"/);
    await writeImages(join(unlabelled, 'Imgs'), { ct_1: discs(1)[0]!.image });
    await expect(train({ resume: true })).rejects.toThrow(/unlabelled.ct_1/);
    const options = {
      createModel: () => new PixelModel(),
      labelled,
      unlabelled,
      validation: { fraction: 0 },
      io,
      resume: true,
    };
    await expect(trainSemiSupervised({ ...options, runFolder: join(folder, 'run') })).rejects.toMatchObject({
      code: 'run-mismatch',
    });
  });
});
