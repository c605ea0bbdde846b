import { normaliseSlices } from '@infnet/core-model';
import { deepSupervisionLoss } from '@infnet/losses';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  composeBatch,
  meanTeacher,
  prepareDataset,
  rampUp,
  Trainer,
  type MeanTeacherOptions,
} from '../../src/index.js';
import { batchTensors } from '../../src/data/batch.js';
import { addViews } from '../../src/mean-teacher/views.js';
import { PixelModel } from '../pixel-model.js';
import { discs, tinyModel, tinyRecipe } from '../tiny.js';

const recipe = tinyRecipe({ averageDecay: 0.5, learningRate: 0.3, batchSize: 2, microBatchSize: 2 });
const { samples } = prepareDataset(discs(6), { size: 64 });
const place = { seed: 0, epoch: 1, step: 0, scale: 1 };
const batch = addViews(composeBatch(samples.slice(0, 2), recipe, place), samples.slice(2), recipe, place);

beforeAll(async () => {
  expect(await tf.setBackend('wasm')).toBe(true);
});

/** Slope and offset of each map, in the model's order. */
const MAPS = ['globalMap', 's5', 's4', 's3'];
type Lines = Float32Array;
const line = (lines: Lines, map: number, grey: number): number =>
  (lines[2 * map] as number) * ((grey / 255 - 0.485) / 0.229) + (lines[2 * map + 1] as number);
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** The unlabelled term written out: mean over pixels of weight times BCE, for each of the four maps. */
function unlabelledTerm(student: Lines, teacher: Lines, options: MeanTeacherOptions): number {
  const { threshold = 0.95, confidence = 'threshold' } = options;
  let sum = 0;
  for (const [i, grey] of batch.weak.entries()) {
    const p = sigmoid(line(teacher, MAPS.indexOf('s3'), grey));
    const trusted = Math.max(p, 1 - p) >= threshold ? 1 : 0;
    const [target, weight] =
      confidence === 'threshold' ? [p >= 0.5 ? 1 : 0, trusted] : [p, Math.abs(2 * p - 1)];
    for (const map of MAPS.keys()) {
      const q = sigmoid(line(student, map, batch.strong[i] as number));
      sum -= weight * (target * Math.log(q) + (1 - target) * Math.log(1 - q));
    }
  }
  return sum / batch.weak.length;
}

async function labelledTerm(model: PixelModel): Promise<number> {
  const loss = tf.tidy(() => {
    const { images, masks, edges } = batchTensors(batch.labelled);
    return deepSupervisionLoss(model.forward(images), { mask: masks, edge: edges });
  });
  const [value] = await loss.data<'float32'>();
  loss.dispose();
  return value as number;
}

describe('meanTeacher', () => {
  it.each<MeanTeacherOptions>([
    { threshold: 0.6 },
    { confidence: 'weighted' },
    { threshold: 0.55, unlabelledWeight: 3, rampUpSteps: 12 },
  ])('is the written-out loss of student and averaged teacher: %j', async (options) => {
    const model = new PixelModel(0.9, 0.2);
    const trainer = new Trainer(model, meanTeacher(options), recipe);
    for (let step = 0; step < 4; step++) await trainer.step(batch, recipe.learningRate);
    const { weights, average } = await trainer.state();
    const student = Float32Array.from([...weights.values()].flatMap(({ data }) => Number(data[0])));
    const teacher = average?.parameters as Float32Array;
    expect(teacher).not.toEqual(student);
    const factor = (options.unlabelledWeight ?? 1) * rampUp(4, options.rampUpSteps ?? 0);
    const term = unlabelledTerm(student, teacher, options);
    expect(term).toBeGreaterThan(0.05);
    const expected = (await labelledTerm(model)) + factor * term;
    const { loss } = await trainer.step(batch, recipe.learningRate);
    expect(loss / expected).toBeCloseTo(1, 4);
    trainer.dispose();
    model.dispose();
  });

  it('adds nothing where the teacher is sure of nothing', async () => {
    const model = new PixelModel(0.1, 0);
    const trainer = new Trainer(model, meanTeacher({ threshold: 0.99 }), recipe);
    const expected = await labelledTerm(model);
    const { loss } = await trainer.step(batch, 0);
    expect(loss / expected).toBeCloseTo(1, 5);
    trainer.dispose();
    model.dispose();
  });

  it('lets no gradient reach the teacher: weights move as by fixed targets', async () => {
    const options: MeanTeacherOptions = { confidence: 'weighted' };
    const model = new PixelModel(0.9, 0.2);
    const trainer = new Trainer(model, meanTeacher(options), { ...recipe, clip: null });
    const start = Float32Array.from([0.9, 0.2, 0.9, 0.2, 0.9, 0.2, 0.9, 0.2]);
    // At the start the teacher is the student itself; the norm of the gradient tells whether it was held fixed.
    const { gradientNorm } = await trainer.step(batch, 0);
    const slopes = await gradientOf(start, options);
    expect(gradientNorm / Math.hypot(...slopes)).toBeCloseTo(1, 3);
    trainer.dispose();
    model.dispose();
  });

  it('sums micro-batches to the loss of the batch, and leaves no tensor behind', async () => {
    const reports = [];
    for (const microBatchSize of [2, 1]) {
      const model = new PixelModel(0.9, 0.2);
      const before = tf.memory().numTensors;
      const objective = meanTeacher({ confidence: 'weighted' });
      const trainer = new Trainer(model, objective, { ...recipe, microBatchSize });
      reports.push(await trainer.step(batch, 0.1));
      trainer.dispose();
      expect(tf.memory().numTensors).toBe(before);
      model.dispose();
    }
    expect((reports[1]?.loss ?? 0) / (reports[0]?.loss ?? 1)).toBeCloseTo(1, 5);
    expect((reports[1]?.gradientNorm ?? 0) / (reports[0]?.gradientNorm ?? 1)).toBeCloseTo(1, 4);
  });

  it('teaches in evaluation mode: the running statistics move once a step', async () => {
    const model = tinyModel();
    const trainer = new Trainer(model, meanTeacher({ confidence: 'weighted' }), recipe);
    const images = tf.tidy(() => {
      const { images: labelled } = batchTensors(batch.labelled);
      const slices = [0, 1, 2, 3].map((i) => batch.strong.subarray(i * 4096, (i + 1) * 4096));
      return tf.concat4d([labelled, normaliseSlices(slices, 64, 64)], 0);
    });
    const twin = tinyModel();
    tf.tidy(() => void twin.forward(images, { training: true }));
    await trainer.step(batch, 0);
    const mean = (net: typeof model): Promise<Float32Array> =>
      (net.buffers().get('resnet.bn1.running_mean') as tf.Variable).data<'float32'>();
    const [expected, actual] = [await mean(twin), await mean(model)];
    expect(Math.max(...actual.map((value, i) => Math.abs(value - (expected[i] as number))))).toBeLessThan(
      1e-6,
    );
    tf.dispose(images);
    trainer.dispose();
    model.dispose();
    twin.dispose();
  });
});

/** Slopes of labelled and unlabelled term together by slope and offset of every map, the teacher held fixed. */
async function gradientOf(start: Lines, options: MeanTeacherOptions): Promise<number[]> {
  const unlabelled = [...start.keys()].map((i) => {
    const at = (by: number): number =>
      unlabelledTerm(start.with(i, (start[i] as number) + by), start, options);
    return (at(1e-2) - at(-1e-2)) / 2e-2;
  });
  const model = new PixelModel(0.9, 0.2);
  const { value, grads } = tf.variableGrads(() => {
    const { images, masks, edges } = batchTensors(batch.labelled);
    return deepSupervisionLoss(model.forward(images), { mask: masks, edge: edges });
  });
  const labelled = await Promise.all(
    [...model.parameters().values()].map(async ({ name }) => Number((await grads[name]!.data())[0])),
  );
  tf.dispose([value, grads]);
  model.dispose();
  return labelled.map((slope, i) => slope + (unlabelled[i] ?? 0));
}
