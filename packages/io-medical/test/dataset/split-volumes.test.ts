import { describe, expect, it } from 'vitest';
import { splitVolumes } from '../../src/dataset/split-volumes.js';

const names = Array.from({ length: 20 }, (_, i) => `case-${i}`);

function sizes(split: Map<string, string>): Record<string, number> {
  const counts: Record<string, number> = { train: 0, val: 0, test: 0 };
  for (const part of split.values()) counts[part] = counts[part]! + 1;
  return counts;
}

describe('splitVolumes', () => {
  it('gives each volume to one part, in the shares asked for', () => {
    expect(sizes(splitVolumes(names))).toEqual({ train: 16, val: 4, test: 0 });
    expect(sizes(splitVolumes(names, { validation: 0.1, test: 0.3 }))).toEqual({
      train: 12,
      val: 2,
      test: 6,
    });
  });

  it('does not depend on the order of the names, but on the seed', () => {
    const split = splitVolumes(names, { seed: 4 });
    expect(splitVolumes([...names].toReversed(), { seed: 4 })).toEqual(split);
    const others = [5, 6, 7].map((seed) => splitVolumes(names, { seed }));
    expect(others.some((other) => names.some((name) => other.get(name) !== split.get(name)))).toBe(true);
  });

  it('keeps something to train on however few there are', () => {
    expect(sizes(splitVolumes(['a'], { validation: 0.5 }))).toEqual({ train: 1, val: 0, test: 0 });
    expect(sizes(splitVolumes(['a', 'b'], { validation: 0.1, test: 0.1 }))).toEqual({
      train: 1,
      val: 0,
      test: 1,
    });
    expect(sizes(splitVolumes(['a', 'b', 'c'], { validation: 0.01, test: 0.01 }))).toEqual({
      train: 1,
      val: 1,
      test: 1,
    });
    expect(splitVolumes([])).toEqual(new Map());
  });

  it.each([{ validation: -0.1 }, { validation: 0.6, test: 0.4 }, { seed: 0.5 }, { test: NaN }])(
    'refuses %j',
    (options) => {
      expect(() => splitVolumes(names, options)).toThrow(expect.objectContaining({ code: 'invalid-option' }));
    },
  );
});
