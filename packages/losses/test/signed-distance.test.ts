import { describe, expect, it } from 'vitest';
import { LossError, signedDistance } from '../src/index.js';
import { unit } from './golden.js';

/** The same by looking at every pair of pixels. */
function byPairs(mask: readonly number[], width: number): number[] {
  const at = (i: number): [number, number] => [i % width, Math.floor(i / width)];
  return mask.map((value, i) => {
    const [x, y] = at(i);
    const others = mask.flatMap((other, j) => {
      const [u, v] = at(j);
      return other >= 0.5 === value >= 0.5 ? [] : [Math.hypot(x - u, y - v)];
    });
    if (others.length === 0) return 0;
    return (value >= 0.5 ? -1 : 1) * (Math.min(...others) - 0.5);
  });
}

describe('signedDistance', () => {
  it.each([
    [1, 9, 0],
    [9, 1, 0.3],
    [7, 12, 0.8],
    [16, 11, 0.95],
    [16, 16, -0.9],
  ])('%i x %i, sparse or dense: as by looking at all pairs', (width, height, cut) => {
    const values = Array.from({ length: width * height }, (_, i) => unit('distance', i));
    const mask = values.map((value) => (value > cut ? 1 : 0));
    mask[width * height - 1] = mask[0] === 1 ? 0 : 1;
    const expected = byPairs(mask, width);
    const actual = signedDistance(mask, width, height);
    for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 5);
  });

  it('is cut at one half, and 0 where there is no boundary', () => {
    expect([...signedDistance([0.2, 0.5, 1, 0.49], 4, 1)]).toEqual([0.5, -0.5, -0.5, 0.5]);
    expect([...signedDistance([0, 0.1, 0.4, 0], 2, 2)]).toEqual([0, 0, 0, 0]);
    expect([...signedDistance([1, 1, 1, 0.6], 2, 2)]).toEqual([0, 0, 0, 0]);
  });

  it('refuses what is not as many values as pixels', () => {
    expect(() => signedDistance([0, 1, 1], 2, 2)).toThrow(LossError);
  });
});
