import { describe, expect, it } from 'vitest';
import { learningRateAt, type ScheduleName } from '../../src/index.js';

const at = (schedule: ScheduleName, step: number, epoch: number, learningRate = 1e-4): number =>
  learningRateAt({ schedule, learningRate, warmupSteps: 20 }, { step, epoch, totalSteps: 120 });

describe('learningRateAt', () => {
  it('constant stays', () => {
    expect(at('constant', 0, 1)).toBe(1e-4);
    expect(at('constant', 119, 99)).toBe(1e-4);
  });

  it('warm-up rises in equal steps, then a cosine falls to nearly 0', () => {
    expect(at('warmup-cosine', 0, 1, 1)).toBeCloseTo(0.05, 12);
    expect(at('warmup-cosine', 19, 1, 1)).toBe(1);
    expect(at('warmup-cosine', 20, 1, 1)).toBe(1);
    expect(at('warmup-cosine', 70, 1, 1)).toBeCloseTo(0.5, 12);
    expect(at('warmup-cosine', 119, 1, 1)).toBeLessThan(3e-4);
    expect(at('warmup-cosine', 119, 1, 1)).toBeGreaterThan(0);
  });

  it.each([
    [1, 1e-4],
    [49, 1e-4],
    [50, 1e-5],
    [51, 1e-6],
    [52, 1e-7],
    [60, 1e-15],
    [99, 1e-54],
  ])('the released code’s rate compounds: epoch %i', (epoch, expected) => {
    expect(at('released', 0, epoch) / expected).toBeCloseTo(1, 9);
  });
});
