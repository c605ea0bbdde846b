import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { prepareClassSample, validateClasses, type ClassNetwork } from '../../src/index.js';
import { classDiscs } from './class-discs.js';

const SIZE = 32;
const names = ['ground-glass', 'consolidation'];
// Slices 2 and 5 have no second class.
const samples = classDiscs(6, SIZE).map((sample) => prepareClassSample(sample, SIZE, { classes: 2 }));

/** A network that answers with given labels, whatever it sees. */
function oracle(labelsOf: (sample: number, pixel: number) => number): ClassNetwork {
  let asked = 0;
  return {
    inputChannels: 3,
    classes: 3,
    forward(images: tf.Tensor4D) {
      const count = images.shape[0];
      const values = new Float32Array(count * SIZE * SIZE * 3).fill(-9);
      for (let s = 0; s < count; s++) {
        for (let i = 0; i < SIZE * SIZE; i++) {
          const channel = [2, 0, 1][labelsOf(asked + s, i)]!;
          values[(s * SIZE * SIZE + i) * 3 + channel] = 9;
        }
      }
      asked += count;
      return { logits: tf.tensor4d(values, [count, SIZE, SIZE, 3]) };
    },
  } as Partial<ClassNetwork> as ClassNetwork;
}

beforeAll(async () => {
  expect(await tf.setBackend('cpu')).toBe(true);
});

it('scores each class where it is, and false marks where it is not', async () => {
  const options = { batchSize: 4, activation: 'softmax', names } as const;
  const perfect = await validateClasses(
    oracle((s, i) => samples[s]!.labels[i]!),
    samples,
    options,
  );
  expect(perfect.classes.map(({ dice, slices, falseArea }) => [dice, slices, falseArea])).toEqual([
    [1, 6, null],
    [1, 4, 0],
  ]);
  expect(perfect.meanDice).toBeGreaterThan(0.99);
  expect(perfect.slices).toBe(6);

  const swapped = await validateClasses(
    oracle((s, i) => [0, 2, 1][samples[s]!.labels[i]!]!),
    samples,
    options,
  );
  expect(swapped.classes.map(({ dice }) => dice)).toEqual([0, 0]);
  expect(swapped.falseArea).toBeGreaterThan(0);

  const half = await validateClasses(
    oracle((s, i) => (i % 2 === 0 ? samples[s]!.labels[i]! : 0)),
    samples,
    options,
  );
  for (const { dice } of half.classes) expect(dice).toBeCloseTo(2 / 3, 1);
});

it('leaves a class that no slice has out of the means', async () => {
  const only = samples.filter(({ labels }) => !labels.includes(2));
  const scores = await validateClasses(
    oracle((s, i) => only[s]!.labels[i]!),
    only,
    {
      batchSize: 2,
      activation: 'sigmoid',
      names,
    },
  );
  expect(scores.classes[1]).toMatchObject({ dice: NaN, slices: 0, falseArea: 0 });
  expect(scores.dice).toBe(1);
});
