import { describe, expect, it } from 'vitest';
import { splitValidation } from '../../src/index.js';

const items = Array.from({ length: 50 }, (_, i) => ({ id: `slice-${i}` }));

describe('splitValidation', () => {
  it('parts the items, in their order', () => {
    const { training, validation } = splitValidation(items, { fraction: 0.16, seed: 0 });
    expect([training.length, validation.length]).toEqual([42, 8]);
    expect(items.filter((item) => training.includes(item) || validation.includes(item))).toEqual(items);
    expect(items.filter((item) => training.includes(item))).toEqual(training);
  });

  it('draws by id and seed only', () => {
    const ids = (order: typeof items, seed: number): string[] =>
      splitValidation(order, { fraction: 0.16, seed })
        .validation.map((item) => item.id)
        .toSorted();
    expect(ids(items.toReversed(), 4)).toEqual(ids(items, 4));
    expect(ids(items, 5)).not.toEqual(ids(items, 4));
  });

  it('takes none for 0, at least one above, and leaves at least one', () => {
    expect(splitValidation(items, { fraction: 0, seed: 0 }).validation).toEqual([]);
    expect(splitValidation(items.slice(0, 3), { fraction: 0.01, seed: 0 }).validation).toHaveLength(1);
    expect(splitValidation(items.slice(0, 3), { fraction: 0.99, seed: 0 }).training).toHaveLength(1);
  });

  it('refuses shares that are none, and a single slice', () => {
    for (const fraction of [-0.1, 1, NaN]) {
      expect(() => splitValidation(items, { fraction, seed: 0 })).toThrow(/fraction/);
    }
    expect(() => splitValidation(items.slice(0, 1), { fraction: 0.5, seed: 0 })).toThrow(/cannot be split/);
  });
});
