import { expect, it } from 'vitest';
import { rampUp, rampLength } from '../../src/index.js';

it('comes in as exp(-5 (1 - t)²) and stays', () => {
  expect([0, 5, 10, 99].map((step) => rampUp(step, 10))).toEqual([Math.exp(-5), Math.exp(-1.25), 1, 1]);
  expect(rampUp(0, 0)).toBe(1);
});

it('lasts 40 % of a run', () => {
  // 7 slices in batches of 3, at two scales: 6 steps an epoch.
  expect(rampLength({ epochs: 10, batchSize: 3, scales: [1, 1.25] }, 7)).toBe(24);
});
