import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { LossError, maskedBceLoss, sigmoidBceLoss } from '../src/index.js';
import { evaluate, expectGradient, onEachBackend } from './backends.js';
import { unit } from './golden.js';

const SHAPE: [number, number, number, number] = [2, 3, 4, 1];
const values = (key: string, scale: number, offset: number): number[] =>
  Array.from({ length: 24 }, (_, i) => offset + scale * unit(key, i));

onEachBackend(() => {
  const logits = (): tf.Tensor4D => tf.tensor4d(values('logits', 4, 0), SHAPE);
  const [t, w] = [values('target', 0.5, 0.5), values('weight', 0.5, 0.5)];

  it('is the mean of w BCE over all pixels, with its gradient', async () => {
    const exact = (x: Float64Array): number =>
      x.reduce((sum, value, i) => {
        const p = 1 / (1 + Math.exp(-value));
        return sum - (w[i]! * (t[i]! * Math.log(p) + (1 - t[i]!) * Math.log(1 - p))) / 24;
      }, 0);
    await expectGradient(
      (x) => maskedBceLoss(x, tf.tensor4d(t, SHAPE), tf.tensor4d(w, SHAPE)),
      logits(),
      exact,
    );
  });

  it('counts little where little is trusted, and nothing where nothing is', async () => {
    const target = tf.tensor4d(t, SHAPE);
    const whole = await evaluate((x) => sigmoidBceLoss(x, target), logits());
    const tenth = await evaluate((x) => maskedBceLoss(x, target, tf.fill(SHAPE, 0.1)), logits());
    expect(tenth.value).toBeCloseTo(whole.value / 10, 5);
    const none = await evaluate((x) => maskedBceLoss(x, target, tf.zeros(SHAPE)), logits());
    expect(none.value).toBe(0);
    expect(none.gradient.every((slope) => slope === 0)).toBe(true);
  });

  it('refuses weights of another size', () => {
    expect(() => maskedBceLoss(logits(), tf.zeros(SHAPE), tf.zeros([2, 3, 3, 1]))).toThrow(LossError);
  });
});
