import { deepSupervisionLoss, signedDistance } from '@infnet/losses';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  composeBatch,
  deepSupervision,
  meanTeacher,
  prepareDataset,
  supervisionOf,
  Trainer,
  trainSupervised,
  type Batch,
  type PreparedSample,
} from '../../src/index.js';
import { batchTensors } from '../../src/data/batch.js';
import { addViews } from '../../src/mean-teacher/views.js';
import { PixelModel } from '../pixel-model.js';
import { discs, tinyRecipe } from '../tiny.js';

const recipe = tinyRecipe({ augment: 'none', batchSize: 2, microBatchSize: 2, clip: null });
const place = { seed: 0, epoch: 1, step: 0, scale: 1 };
const { samples } = prepareDataset(discs(4), { size: 64 });
/** The second slice is doubted: everywhere by half. */
const doubted = samples.map((sample, i): PreparedSample =>
  i === 1 ? { ...sample, uncertainty: new Uint8Array(64 * 64).fill(128) } : sample,
);
const batchOf = (slices: readonly PreparedSample[]): Batch => composeBatch(slices.slice(0, 2), recipe, place);

beforeAll(async () => {
  expect(await tf.setBackend('wasm')).toBe(true);
});

async function regionLoss(batch: Batch): Promise<number> {
  const model = new PixelModel();
  const loss = tf.tidy(() => {
    const { images, masks: mask, edges: edge, certainty } = batchTensors(batch);
    return deepSupervisionLoss(model.forward(images), { mask, edge, ...(certainty && { certainty }) });
  });
  const [value] = await loss.data<'float32'>();
  loss.dispose();
  model.dispose();
  return value as number;
}

/** Mean over batch and pixels of S_3's probability times the signed distance times the certainty. */
function boundaryTerm(batch: Batch): number {
  const pixels = 64 * 64;
  let sum = 0;
  for (let slice = 0; slice < batch.ids.length; slice++) {
    const distance = signedDistance(batch.masks.subarray(slice * pixels, (slice + 1) * pixels), 64, 64);
    for (const [i, d] of distance.entries()) {
      const at = slice * pixels + i;
      const logit = (0.5 * ((batch.images[at] as number) / 255 - 0.485)) / 0.229;
      sum += (d * (batch.certainty?.[at] ?? 1)) / (1 + Math.exp(-logit));
    }
  }
  return sum / batch.masks.length;
}

describe('the boundary loss of S_3', () => {
  it.each([
    ['labels that are trusted', samples],
    ['labels that are doubted', doubted],
  ])('is added to the deep supervision: %s', async (_, slices) => {
    const batch = batchOf(slices);
    const model = new PixelModel();
    const before = tf.memory().numTensors;
    const trainer = new Trainer(model, deepSupervision({ boundaryWeight: 0.05 }), recipe);
    const { loss } = await trainer.step(batch, 0);
    const term = boundaryTerm(batch);
    expect(Math.abs(0.05 * term)).toBeGreaterThan(0.05);
    expect(loss).toBeCloseTo((await regionLoss(batch)) + 0.05 * term, 3);
    trainer.dispose();
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  it('comes in along its ramp, and moves S_3 alone', async () => {
    const batch = batchOf(samples);
    const model = new PixelModel();
    const options = { boundaryWeight: 1, boundaryRampUpSteps: 4 };
    const trainer = new Trainer(model, deepSupervision(options), recipe);
    const losses = [];
    for (let step = 0; step < 6; step++) losses.push((await trainer.step(batch, 0)).loss);
    trainer.dispose();
    const [region, term] = [await regionLoss(batch), boundaryTerm(batch)];
    const shares = losses.map((loss) => (loss - region) / term);
    const expected = [1, 0.75, 0.5, 0.25, 0, 0].map((left) => Math.exp(-5 * left ** 2));
    for (const [i, share] of shares.entries()) expect(share).toBeCloseTo(expected[i] as number, 2);

    const slopes = await Promise.all(
      [0, 1].map((boundaryWeight) => slopesWith(model, batch, boundaryWeight)),
    );
    for (const name of model.parameters().keys()) {
      const [without, withIt] = slopes.map((map) => map.get(name) as number);
      if (name.startsWith('s3')) expect(withIt).not.toBeCloseTo(without as number, 3);
      else expect(withIt).toBe(without);
    }
    model.dispose();
  });

  it('is the same for the labelled slices of a mean teacher', async () => {
    const views = addViews(batchOf(samples), samples.slice(2), recipe, place);
    const averaged = { ...recipe, averageDecay: 0.5 };
    const losses = [];
    for (const boundaryWeight of [0, 0.05]) {
      const model = new PixelModel();
      const trainer = new Trainer(model, meanTeacher({ boundaryWeight }), averaged);
      losses.push((await trainer.step(views, 0)).loss);
      trainer.dispose();
      model.dispose();
    }
    const [without, withIt] = losses as [number, number];
    expect(withIt - without).toBeCloseTo(0.05 * boundaryTerm(views.labelled), 3);
  });
});

describe('supervisionOf', () => {
  it('says what a recipe says, with a ramp of 40 % of the steps', async () => {
    expect(supervisionOf(recipe, 4)).toEqual({ compat: 'paper' });
    const asked = { ...recipe, boundaryLoss: 0.02, epochs: 10 };
    expect(supervisionOf(asked, 4)).toEqual({
      compat: 'paper',
      boundaryWeight: 0.02,
      boundaryRampUpSteps: 8,
    });
  });

  it('is what trainSupervised goes by, which refuses a weight that is none', async () => {
    const lossOf = async (boundaryLoss: number): Promise<number> => {
      const model = new PixelModel();
      const losses: number[] = [];
      await trainSupervised({
        model,
        data: { prepared: samples },
        validation: { fraction: 0 },
        recipe: { ...recipe, epochs: 1, learningRate: 1e-9, boundaryLoss },
        onProgress: (event) => event.type === 'step' && losses.push(event.loss),
      }).finally(() => model.dispose());
      return losses.at(-1) as number;
    };
    expect(await lossOf(0.1)).not.toBeCloseTo(await lossOf(0), 2);
    await expect(lossOf(-1)).rejects.toThrow(/boundaryLoss is -1/);
  });
});

async function slopesWith(
  model: PixelModel,
  batch: Batch,
  boundaryWeight: number,
): Promise<Map<string, number>> {
  const { value, grads } = tf.tidy(() => {
    const objective = deepSupervision({ boundaryWeight });
    return tf.variableGrads(objective.prepare(batch, { model, step: 0, averaged: (run) => run() }));
  });
  const slopes = new Map<string, number>();
  for (const [name, variable] of model.parameters()) {
    slopes.set(name, (await grads[variable.name]!.data())[0] as number);
  }
  tf.dispose([value, grads]);
  return slopes;
}
