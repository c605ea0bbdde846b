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
} from '../src/index.js';
import { discs, tinyModel, tinyRecipe } from './tiny.js';

const recipe = tinyRecipe({ augment: 'none' });
const { samples } = prepareDataset(discs(4), { size: 64 });
const batch = composeBatch(samples, recipe, { seed: 0, epoch: 1, scale: 1 });

beforeAll(async () => {
  expect(await tf.setBackend('wasm')).toBe(true);
});

describe('Trainer', () => {
  it('leaves no tensor behind, step after step and at the end', async () => {
    const before = tf.memory().numTensors;
    const model = tinyModel();
    const trainer = new Trainer(model, deepSupervision(), { ...recipe, batchSize: 4, microBatchSize: 3 });
    await trainer.step(batch, 1e-3);
    await trainer.withAverage(() => Promise.resolve());
    const settled = tf.memory().numTensors;
    for (let i = 0; i < 4; i++) {
      await trainer.step(batch, 1e-3);
      await trainer.withAverage(async () => void (await trainer.state()));
    }
    trainer.restore(await trainer.state());
    expect(tf.memory().numTensors).toBe(settled);
    trainer.dispose();
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(['images', 'masks'] as const)(
    'stops at NaN in the %s, names them and keeps the weights',
    async (where) => {
      const model = tinyModel();
      const trainer = new Trainer(model, deepSupervision(), { ...recipe, batchSize: 4, microBatchSize: 4 });
      const poisoned: Batch = { ...batch, [where]: batch[where].slice() };
      poisoned[where][70] = NaN;
      const tensors = tf.memory().numTensors;
      const kernel = model.parameters().get('resnet.conv1.0.weight') as tf.Variable;
      const before = await kernel.data();
      const failure = await trainer.step(poisoned, 1e-3).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(NonFiniteLossError);
      expect((failure as NonFiniteLossError).ids).toEqual(['disc-0', 'disc-1', 'disc-2', 'disc-3']);
      expect((failure as NonFiniteLossError).message).toMatch(
        /step 1: (the loss is NaN|a gradient is not finite).*disc-2/,
      );
      expect(await kernel.data()).toEqual(before);
      expect(tf.memory().numTensors).toBe(tensors);
      trainer.dispose();
      model.dispose();
    },
  );

  it('sums micro-batches to the gradient of the batch where batch norm cannot tell them apart', async () => {
    // Four times the same slice: every micro-batch has the statistics of the whole batch.
    const same = composeBatch(
      samples.slice(0, 1).flatMap((sample) => Array.from({ length: 4 }, () => sample)),
      recipe,
      { seed: 0, epoch: 1, scale: 1 },
    );
    const reports = [];
    for (const microBatchSize of [4, 3, 1]) {
      const model = tinyModel();
      const trainer = new Trainer(model, deepSupervision(), { ...recipe, batchSize: 4, microBatchSize });
      reports.push(await trainer.step(same, 1e-3));
      trainer.dispose();
      model.dispose();
    }
    for (const report of reports.slice(1)) {
      expect(report.loss / reports[0]!.loss).toBeCloseTo(1, 4);
      expect(report.gradientNorm / reports[0]!.gradientNorm).toBeCloseTo(1, 2);
    }
  });

  it('averages weights and statistics, and puts the training weights back bit for bit', async () => {
    const model = tinyModel();
    const trainer = new Trainer(model, deepSupervision(), {
      ...recipe,
      batchSize: 4,
      microBatchSize: 4,
      averageDecay: 0.5,
    });
    const variables = [
      model.parameters().get('resnet.conv1.0.weight') as tf.Variable,
      model.buffers().get('resnet.bn1.running_mean') as tf.Variable,
    ];
    const read = (): Promise<Float32Array[]> =>
      Promise.all(variables.map(async (variable) => (await variable.data<'float32'>()).slice()));
    let average = await read();
    for (let t = 1; t <= 8; t++) {
      await trainer.step(batch, 1e-2);
      const now = await read();
      const decay = Math.min(0.5, (1 + t) / (10 + t));
      average = average.map((values, i) =>
        values.map((value, j) => decay * value + (1 - decay) * (now[i]?.[j] as number)),
      );
    }
    const training = await read();
    const during = await trainer.withAverage(read);
    expect(await read()).toEqual(training);
    for (const [i, values] of during.entries()) {
      const apart = values.map((value, j) => Math.abs(value - (average[i]?.[j] as number)));
      expect(Math.max(...apart)).toBeLessThan(1e-6);
      expect(values).not.toEqual(training[i]);
    }
    trainer.adoptAverage();
    expect(await read()).toEqual(during);
    trainer.dispose();
    model.dispose();
  });
});
