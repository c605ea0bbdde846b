import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import {
  channelOf,
  classMetadata,
  createModel,
  guidedImages,
  INFECTION_CLASSES,
  mostProbable,
  normaliseSlices,
  predictClasses,
  readClassFacts,
  ShapeError,
} from '../../src/index.js';
import { onEachBackend } from '../backends.js';
import { maxDifference } from '../values.js';

const [height, width] = [16, 32];
const data = Uint8Array.from({ length: height * width }, (_, i) => (37 * i) % 256);
const infection = Float32Array.from({ length: height * width }, (_, i) => (i % 7) / 7);

onEachBackend(() => {
  it('gives the probabilities of each label as a plane, under either activation', async () => {
    using model = createModel('multi-class-unet', { width: 0.0625, seed: 3 });
    const images = guidedImages(
      normaliseSlices([data], height, width),
      tf.tensor4d(infection, [1, height, width, 1]),
    );
    const { logits } = model.forward(images); // [1,H,W,3]
    for (const activation of ['softmax', 'sigmoid'] as const) {
      const expected = await (activation === 'softmax' ? tf.softmax(logits, 3) : tf.sigmoid(logits)).data();
      const maps = await predictClasses(model, { data, height, width, infection }, { activation });
      expect([maps.height, maps.width, maps.planes.length]).toEqual([height, width, 3]);
      for (const [label, plane] of maps.planes.entries()) {
        const channel = [2, 0, 1][label]!; // ground-glass, consolidation, background
        const theirs = plane.map((_, i) => expected[3 * i + channel]!);
        expect(maxDifference(plane, theirs)).toBeLessThan(1e-6);
      }
    }
  });

  it('refuses a guided network a slice without its map, and leaves no tensor behind', async () => {
    using model = createModel('multi-class-unet', { width: 0.0625 });
    const before = tf.memory().numTensors;
    const slice = { data, height, width };
    await expect(predictClasses(model, slice, { activation: 'softmax' })).rejects.toThrow(ShapeError);
    const short = { ...slice, infection: infection.subarray(1) };
    await expect(predictClasses(model, short, { activation: 'softmax' })).rejects.toThrow(/511/);
    await predictClasses(model, { ...slice, infection }, { activation: 'softmax' });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('asks no map for a network without prior', async () => {
    using model = createModel('multi-class-unet', { width: 0.0625, prior: false });
    const maps = await predictClasses(model, { data, height, width }, { activation: 'softmax' });
    const sums = maps.planes[0]!.map((p, i) => p + maps.planes[1]![i]! + maps.planes[2]![i]!);
    expect(maxDifference(sums, new Float32Array(height * width).fill(1))).toBeLessThan(1e-6);
  });
});

it('labels are the most probable class, the smaller of equals', () => {
  expect([
    ...mostProbable([Float32Array.of(0.2, 0.5, 0.1, 0.3), [0.7, 0.5, 0.4, 0], [0.1, 0, 0.4, 0.9]]),
  ]).toEqual([1, 0, 1, 2]);
});

it('puts the background behind the classes, as the released code does', () => {
  expect([0, 1, 2].map((label) => channelOf(label, 3))).toEqual([2, 0, 1]);
});

it('a file tells its classes; one that tells nothing is the authors’', () => {
  const facts = {
    classes: ['opacity', 'nodule'],
    activation: 'softmax',
    prior: { kind: 'model', name: 'semi.safetensors', sha256: 'ab' },
  } as const;
  expect(readClassFacts({ classes: 3 }, classMetadata(facts))).toEqual(facts);
  expect(readClassFacts({ classes: 3 })).toEqual({
    classes: INFECTION_CLASSES,
    activation: 'sigmoid',
    prior: null,
  });
  expect(readClassFacts({ classes: 4 }, { 'infnet.classes': '{"classes":"abc"}' }).classes).toEqual([
    'class 1',
    'class 2',
    'class 3',
  ]);
});
