import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, expect, it } from 'vitest';
import {
  correntropyLoss,
  crossEntropyLoss,
  diceLoss,
  edgeLoss,
  generalisedDiceLoss,
  sigmoidBceLoss,
  surfaceLoss,
  weightedBceLoss,
  weightedIouLoss,
} from '../src/index.js';

beforeAll(async () => {
  expect(await tf.setBackend('wasm')).toBe(true);
});

// tfjs-core by itself registers no gradients: only losses that bring their own work on it.
it.each([
  edgeLoss,
  weightedBceLoss,
  weightedIouLoss,
  correntropyLoss,
  sigmoidBceLoss,
  crossEntropyLoss,
  diceLoss,
  generalisedDiceLoss,
  surfaceLoss,
])('%o has its gradient without the @tensorflow/tfjs package', async (loss) => {
  expect(tf.getGradient('Add')).toBeUndefined();
  const truth: tf.Tensor4D = tf.tensor4d([0, 1, 1, 0], [1, 2, 2, 1]);
  const at: tf.Tensor4D = tf.tensor4d([0.2, 0.3, 0.9, 0.6], [1, 2, 2, 1]);
  const gradient = await tf
    .grad((x) => loss(x as tf.Tensor4D, truth))(at)
    .data();
  expect(gradient.every((slope) => Number.isFinite(slope))).toBe(true);
  expect(gradient.some((slope) => slope !== 0)).toBe(true);
});
