import { describe, expect, it } from 'vitest';
import { levelOf, maskOfLevels } from '../../src/segment/levels.js';

describe('levels', () => {
  it('give at every threshold of two decimals the mask of the probabilities themselves', () => {
    const edges = Array.from({ length: 101 }, (_, k) => k / 100).flatMap((p) => [p - 1e-9, p, p + 1e-9]);
    const probability = Float32Array.from([...edges, ...edges.map(Math.fround), 0.333, 0.999_999_9, 1]);
    const levels = Uint8Array.from(probability, levelOf);
    for (let k = 1; k <= 100; k++) {
      const threshold = k / 100;
      expect(maskOfLevels(levels, threshold)).toEqual(
        Uint8Array.from(probability, (p) => (p >= threshold ? 1 : 0)),
      );
    }
  });

  it('of what is no probability are 0', () => {
    expect([NaN, -1, 0].map(levelOf)).toEqual([0, 0, 0]);
    expect(levelOf(2)).toBe(100);
  });

  it.each([0, 0.505, 1.01, NaN])('refuse the threshold %d', (threshold) => {
    expect(() => maskOfLevels(new Uint8Array(1), threshold)).toThrow(
      expect.objectContaining({ code: 'invalid-option' }) as Error,
    );
  });
});
