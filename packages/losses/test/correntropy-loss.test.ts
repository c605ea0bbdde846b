import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { correntropyLoss } from '../src/index.js';
import { evaluate, expectClose, expectGradient, onEachBackend } from './backends.js';
import { unit } from './golden.js';

const SHAPE: [number, number, number, number] = [2, 3, 4, 1];
const stream = (key: string, scale: number): tf.Tensor4D =>
  tf.tensor4d(
    Array.from({ length: 24 }, (_, i) => scale * unit(key, i)),
    SHAPE,
  );
const softMask = (): tf.Tensor4D => tf.div(tf.add(stream('mask', 1), 1), 2);

onEachBackend(() => {
  it.each([0.2, 0.5, 2])('sigma %f: the formula in double precision, and its gradient', async (sigma) => {
    const mask = softMask();
    const truth = await mask.data();
    const scale = 1 - Math.exp(-1 / (2 * sigma ** 2));
    const exact = (x: Float64Array): number => {
      const terms = x.map((logit, i) => {
        const error = truth[i]! - 1 / (1 + Math.exp(-logit));
        return (1 - Math.exp(-(error ** 2) / (2 * sigma ** 2))) / scale;
      });
      return terms.reduce((a, b) => a + b) / terms.length;
    };
    await expectGradient((x) => correntropyLoss(x, mask, { sigma }), stream('logits', 3), exact);
  });

  it('is 0 where all is right, 1 where all is wrong, and finite with finite gradient at any logits', async () => {
    const mask = tf.ones(SHAPE) as tf.Tensor4D;
    for (const [logit, expected] of [
      [60, 0],
      [1e4, 0],
      [-60, 1],
      [-1e4, 1],
    ] as const) {
      const { value, gradient } = await evaluate((x) => correntropyLoss(x, mask), tf.fill(SHAPE, logit));
      expect(value).toBeCloseTo(expected, 6);
      expect(gradient.every(Number.isFinite)).toBe(true);
    }
  });

  it('tends to the mean squared error as sigma grows', async () => {
    const [mask, logits] = [softMask(), stream('logits', 3)];
    const squares = (x: tf.Tensor4D): tf.Scalar => tf.mean(tf.square(tf.sub(tf.sigmoid(x), mask)));
    const [ours, theirs] = [
      await evaluate((x) => correntropyLoss(x, mask, { sigma: 100 }), logits),
      await evaluate(squares, logits),
    ];
    expect(ours.value / theirs.value).toBeCloseTo(1, 3);
    expectClose(ours.gradient, theirs.gradient, 1e-3);
  });
});

describe('refuses', () => {
  it.each([0, -1, Number.NaN, Infinity, 1e-9])('sigma %f', (sigma) => {
    const map = tf.zeros([1, 2, 2, 1]) as tf.Tensor4D;
    expect(() => correntropyLoss(map, map, { sigma })).toThrow(
      expect.objectContaining({ code: 'invalid-option' }),
    );
  });
});
