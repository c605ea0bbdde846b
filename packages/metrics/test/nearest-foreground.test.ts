import { describe, expect, it } from 'vitest';
import { nearestForeground } from '../src/nearest-foreground.js';
import { randomGenerator } from './support/random.js';

/** Smallest distance, then smallest column, then smallest row, by looking at every pair. */
function bruteForce(bytes: Uint8Array, width: number): { index: number[]; squaredDistance: number[] } {
  const sites = [...bytes.keys()].filter((i) => bytes[i]! > 0);
  const columnFirst = sites.toSorted((a, b) => (a % width) - (b % width) || a - b);
  const nearest = [...bytes.keys()].map((i) => {
    const distanceTo = (site: number): number =>
      ((i % width) - (site % width)) ** 2 + (Math.floor(i / width) - Math.floor(site / width)) ** 2;
    return columnFirst.reduce(
      (best, site) =>
        distanceTo(site) < best.squaredDistance ? { site, squaredDistance: distanceTo(site) } : best,
      { site: -1, squaredDistance: Infinity },
    );
  });
  return {
    index: nearest.map(({ site }) => site),
    squaredDistance: nearest.map((best) => best.squaredDistance),
  };
}

describe('nearestForeground', () => {
  it('equals brute force, ties included', () => {
    const random = randomGenerator(5);
    for (let run = 0; run < 400; run++) {
      const width = 1 + Math.floor(random() * 12);
      const height = 1 + Math.floor(random() * 12);
      const density = random() ** 2;
      const bytes = Uint8Array.from({ length: width * height }, () => (random() < density ? 1 : 0));
      bytes[Math.floor(random() * bytes.length)] = 1;
      const { index, squaredDistance } = nearestForeground({ bytes, above: 0 }, { width, height });
      const wanted = bruteForce(bytes, width);
      expect([...squaredDistance]).toEqual(wanted.squaredDistance);
      expect([...index]).toEqual(wanted.index);
    }
  });
});
