import { describe, expect, it } from 'vitest';
import { distanceTransform } from '../../src/index.js';
import { distancesAt } from '../../src/boundary/distance-transform.js';
import { randomGenerator } from '../support/random.js';

type Spacing = readonly [number, number, number];

/** Distance to every site looked at. */
function bruteForce(sites: Uint8Array, width: number, height: number, [sx, sy, sz]: Spacing): number[] {
  const place = (i: number): number[] => [
    (i % width) * sx,
    (Math.floor(i / width) % height) * sy,
    Math.floor(i / (width * height)) * sz,
  ];
  const places = [...sites.keys()].filter((i) => sites[i] === 1).map(place);
  return [...sites.keys()].map((i) => {
    const [x, y, z] = place(i) as [number, number, number];
    return places.reduce((best, [a, b, c]) => Math.min(best, Math.hypot(x - a!, y - b!, z - c!)), Infinity);
  });
}

describe('distance transform', () => {
  it.each<[string, Spacing]>([
    ['equal spacing', [1, 1, 1]],
    ['equal spacing below 1', [0.7, 0.7, 0.7]],
    ['thick slices', [0.7, 0.8, 5]],
    ['thin slices', [3, 2.5, 0.1]],
  ])('equals brute force, %s', (_, spacing) => {
    const random = randomGenerator(3);
    for (let run = 0; run < 60; run++) {
      const [width, height, depth] = [9, 8, 7].map((most) => 1 + Math.floor(random() * most)) as [
        number,
        number,
        number,
      ];
      const density = random() ** 3;
      const sites = Uint8Array.from({ length: width * height * depth }, () => (random() < density ? 1 : 0));
      const wanted = bruteForce(sites, width, height, spacing);
      const all = distanceTransform(sites, { width, height, depth, spacing });
      wanted.forEach((distance, i) => expect(all[i]).toBeCloseTo(distance, 12));
      const queries = sites.map(() => (random() < 0.3 ? 1 : 0));
      const some = distancesAt(sites, queries, { width, height, depth, spacing });
      expect([...some]).toEqual([...all].filter((_distance, i) => queries[i] === 1));
    }
  });

  it('is exact in whole numbers: 3, 4, 5', () => {
    const mask = new Uint8Array(400 * 300);
    mask[0] = 1;
    const distances = distanceTransform(mask, { width: 400, height: 300 });
    for (let y = 0; y < 300; y += 7) {
      for (let x = 0; x < 400; x += 11) expect(distances[y * 400 + x]).toBe(Math.sqrt(x * x + y * y));
    }
  });

  it('is Infinity without foreground', () => {
    expect(distanceTransform(new Uint8Array(3), { width: 3, height: 1 })).toEqual(
      new Float64Array(3).fill(Infinity),
    );
  });
});
