import { createModel } from '@infnet/core-model';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { composeClassBatch, prepareClassSample, type PreparedClassSample } from '../../src/index.js';
import { classBatchTensors, partOfClassBatch } from '../../src/multi-class/batch.js';
import { trueMask } from '../../src/multi-class/prior.js';
import { classDiscs } from './class-discs.js';

const SIZE = 32;
const samples: PreparedClassSample[] = classDiscs(3, SIZE).map((sample) =>
  prepareClassSample({ ...sample, prior: trueMask(sample.labels) }, SIZE, { classes: 2 }),
);
const place = { seed: 4, epoch: 2, scale: 1 };

beforeAll(async () => {
  expect(await tf.setBackend('cpu')).toBe(true);
});

describe('a batch of classes', () => {
  it('is one-hot without augmentation: ground-glass, consolidation, background', () => {
    const { truths, images, priors } = composeClassBatch(samples, { size: SIZE, augment: 'none' }, place, {
      classes: 2,
    });
    const labels = samples.flatMap((sample) => [...sample.labels]);
    const channel = [2, 0, 1];
    for (const [i, label] of labels.entries()) {
      expect([...truths.subarray(3 * i, 3 * i + 3)]).toEqual(
        [0, 1, 2].map((c) => (c === channel[label] ? 1 : 0)),
      );
    }
    expect([...images]).toEqual(samples.flatMap(({ image }) => [...image]));
    expect([...priors!]).toEqual(labels.map((label) => (label > 0 ? 1 : 0)));
  });

  it('varies slice, map and classes together, and leaves no pixel without a class', () => {
    const { truths, priors } = composeClassBatch(samples, { size: SIZE, augment: 'full' }, place, {
      classes: 2,
    });
    let differs = false;
    for (const [i, prior] of priors!.entries()) {
      const [first, second, background] = truths.subarray(3 * i, 3 * i + 3) as unknown as [
        number,
        number,
        number,
      ];
      expect(first + second).toBeCloseTo(prior, 5); // the map of this test is the union of the classes
      expect(first + second + background).toBeCloseTo(1, 5);
      const before = samples.flatMap((sample) => [...sample.labels])[i]! > 0 ? 1 : 0;
      differs ||= Math.abs(prior - before) > 0.5;
    }
    expect(differs).toBe(true);
  });

  it('is the same for the same place, and other in another epoch', () => {
    const compose = (epoch: number): Float32Array =>
      composeClassBatch(samples, { size: SIZE, augment: 'full' }, { ...place, epoch }, { classes: 2 }).truths;
    expect(compose(2)).toEqual(compose(2));
    expect(compose(2)).not.toEqual(compose(3));
  });

  it('is cut into parts, slice by slice, and scaled', () => {
    const batch = composeClassBatch(
      samples,
      { size: SIZE, augment: 'none' },
      { ...place, scale: 2 },
      { classes: 2 },
    );
    expect(batch.size).toBe(64);
    const part = partOfClassBatch(batch, 1, 3);
    expect(part.ids).toEqual(batch.ids.slice(1));
    const { images, truth } = classBatchTensors(part);
    expect([images.shape, truth.shape]).toEqual([
      [2, 64, 64, 6],
      [2, 64, 64, 3],
    ]);
    expect([...truth.dataSync()]).toEqual([...batch.truths.subarray(3 * 64 * 64)]);
    tf.dispose([images, truth]);
  });

  it('has no map where the network takes none', () => {
    const bare = samples.map((sample) => ({ ...sample, prior: null }));
    const batch = composeClassBatch(bare, { size: SIZE, augment: 'flip' }, place, { classes: 2 });
    expect(batch.priors).toBeNull();
    const { images, truth } = classBatchTensors(batch);
    using model = createModel('multi-class-unet', { width: 0.0625, prior: false });
    expect(model.forward(images).logits.shape).toEqual(truth.shape);
  });
});
