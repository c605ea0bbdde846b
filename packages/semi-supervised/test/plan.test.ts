import { describe, expect, it } from 'vitest';
import { planSteps } from '../src/plan.js';

const recipe = { batchSize: 3, scales: [0.75, 1], epochs: 4 };

describe('planSteps', () => {
  const whole = [...planSteps(7, recipe, 0)];

  it('takes every slice once per epoch and scale, each batch through all scales in order', () => {
    expect(whole).toHaveLength(4 * 3 * 2);
    for (let epoch = 1; epoch <= 4; epoch++) {
      const steps = whole.filter((step) => step.epoch === epoch);
      expect(steps.map((step) => step.scale)).toEqual([0.75, 1, 0.75, 1, 0.75, 1]);
      expect(steps.map((step) => step.indices.length)).toEqual([3, 3, 3, 3, 1, 1]);
      expect(steps[0]?.indices).toEqual(steps[1]?.indices);
      const seen = steps.filter((step) => step.scale === 1).flatMap((step) => step.indices);
      expect(seen.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6]);
      expect(steps.map((step) => step.endsEpoch)).toEqual([false, false, false, false, false, true]);
    }
  });

  it('orders every epoch and seed anew', () => {
    const order = (steps: typeof whole, epoch: number): string =>
      steps
        .filter((step) => step.epoch === epoch)
        .map((step) => step.indices.join())
        .join();
    expect(order(whole, 1)).not.toBe(order(whole, 2));
    expect(order([...planSteps(7, recipe, 1)], 1)).not.toBe(order(whole, 1));
  });

  it('can be taken up at any step', () => {
    for (const begin of [0, 1, 5, 6, 13, 23, 24]) {
      expect([...planSteps(7, recipe, 0, begin)]).toEqual(whole.slice(begin));
    }
  });
});
