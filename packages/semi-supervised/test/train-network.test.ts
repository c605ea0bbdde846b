import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createModel, guidedImages, normaliseSlices, type ModelOf } from '@infnet/core-model';
import { crossEntropyLoss } from '@infnet/losses';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveRecipe, trainNetwork, type Objective, type Task, type TrainingEvent } from '../src/index.js';
import { discs } from './tiny.js';

/** Slices of three classes, with the infection as a prior: nothing that Inf-Net's own task knows of. */
interface ClassSlice {
  readonly id: string;
  readonly hasForeground: boolean;
  readonly image: Uint8Array;
  readonly classes: Uint8Array;
}
interface ClassBatch {
  readonly ids: readonly string[];
  readonly size: number;
  readonly slices: readonly ClassSlice[];
}
type Classifier = ModelOf<'multi-class-unet'>;

const SIZE = 32;

/** The left half of a slice's disc is class 0, the right and brighter one class 1, the rest class 2. */
const slices: ClassSlice[] = discs(9, SIZE).map(({ id, image, mask }) => {
  const classes = mask.data.map((value, i) => (value === 0 ? 2 : i % SIZE < SIZE / 2 ? 0 : 1));
  const shown = image.data.map((grey, i) => (classes[i] === 1 ? grey + 60 : grey));
  return { id, hasForeground: true, image: shown, classes };
});

function logitsOf(model: Classifier, batch: readonly ClassSlice[], training: boolean): tf.Tensor4D {
  const images = normaliseSlices(
    batch.map(({ image }) => image),
    SIZE,
    SIZE,
  ); // [B,H,W,3]
  const infection = tf.tensor4d(
    batch.flatMap(({ classes }) => Array.from(classes, (value) => (value < 2 ? 1 : 0))),
    [batch.length, SIZE, SIZE, 1],
  );
  return model.forward(guidedImages(images, infection), { training }).logits; // [B,H,W,3]
}

const objective: Objective<Classifier, ClassBatch> = {
  description: { name: 'cross-entropy' },
  part: (batch, begin, end) => ({
    ...batch,
    ids: batch.ids.slice(begin, end),
    slices: batch.slices.slice(begin, end),
  }),
  prepare({ slices: batch }, { model }) {
    const labels = tf.tensor3d(
      batch.flatMap(({ classes }) => [...classes]),
      [batch.length, SIZE, SIZE],
      'int32',
    );
    const truth = tf.oneHot(labels, 3).toFloat() as tf.Tensor4D; // [B,H,W,3]
    return () => crossEntropyLoss(tf.softmax(logitsOf(model, batch, true)), truth);
  },
};

const task: Task<Classifier, ClassSlice, ClassBatch> = {
  objective,
  description: { classes: ['ground-glass', 'consolidation'] },
  compose: (batch) => ({ ids: batch.map(({ id }) => id), size: SIZE, slices: batch }),
  async validate(model, batch) {
    // The share of marked pixels whose class is found.
    const right = tf.tidy(() => {
      const labels = tf.tensor3d(
        batch.flatMap(({ classes }) => [...classes]),
        [batch.length, SIZE, SIZE],
        'int32',
      );
      const marked = labels.less(2).toFloat(); // [B,H,W]
      const hits = logitsOf(model, batch, false).argMax(3).equal(labels).toFloat().mul(marked); // [B,H,W]
      return hits.sum().div(marked.sum());
    });
    const [share] = await right.data<'float32'>();
    right.dispose();
    return { meanDice: share as number, dice: 0, softDice: 0, slices: batch.length, falseArea: null };
  },
  bytesOf: ({ image, classes }) => [image, classes],
};

const recipe = resolveRecipe('short', {
  size: SIZE,
  batchSize: 3,
  microBatchSize: 2,
  epochs: 3,
  warmupSteps: 2,
  learningRate: 3e-3,
});
const data = { training: slices.slice(3), validation: slices.slice(0, 3), problems: [] };

let folder = '';
beforeAll(async () => {
  expect(await tf.setBackend('wasm')).toBe(true);
  folder = await mkdtemp(join(tmpdir(), 'infnet-network-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function train(run: string, other: Partial<Parameters<typeof trainNetwork>[0]> = {}): Promise<string> {
  const model = createModel('multi-class-unet', { width: 0.125, seed: 0 });
  try {
    const runFolder = join(folder, run);
    await trainNetwork({ model, task, data, recipe, runFolder, resume: true, ...(other as object) });
    return await readFile(join(runFolder, 'model.safetensors'), 'base64');
  } finally {
    model.dispose();
  }
}

describe('trainNetwork', () => {
  it('trains another network on another task, from slices and batches of its own', async () => {
    const events: TrainingEvent[] = [];
    const before = tf.memory().numTensors;
    await train('task', { recipe: { ...recipe, epochs: 20 }, onProgress: (event) => events.push(event) });
    expect(tf.memory().numTensors).toBe(before);
    const scores = events.filter((event) => event.type === 'validation').map(({ meanDice }) => meanDice);
    expect(scores.at(-1)).toBeGreaterThan(0.75); // one class alone gives 0.65 at most
    const config = JSON.parse(await readFile(join(folder, 'task', 'config.json'), 'utf8')) as object;
    expect(config).toMatchObject({
      task: { objective: { name: 'cross-entropy' }, classes: ['ground-glass', 'consolidation'] },
    });
  });

  it('goes on with any task bit for bit, and refuses to go on with another objective', async () => {
    const whole = await train('whole');
    const stopped = new AbortController();
    const onProgress = (event: TrainingEvent): void => {
      if (event.type === 'step' && event.step === 3) stopped.abort();
    };
    await expect(train('parts', { signal: stopped.signal, onProgress })).rejects.toThrow(/abort/i);
    const focal = { ...task, objective: { ...objective, description: { name: 'focal' } } };
    await expect(train('parts', { task: focal })).rejects.toThrow(
      /task.objective.name was "cross-entropy", is "focal"/,
    );
    expect(await train('parts')).toBe(whole);
  });
});
