import { describe, expect, it } from 'vitest';
import { Random, shuffled } from '../src/index.js';

describe('Random', () => {
  it('is xoshiro128**: the first words of the authors’ generator from the state 1, 2, 3, 4', () => {
    const random = Random.from([1, 2, 3, 4]);
    expect([random.uint32(), random.uint32(), random.uint32(), random.uint32()]).toEqual([
      11520, 0, 5927040, 70819200,
    ]);
  });

  it('gives each key a stream of its own, always the same', () => {
    const first = Random.of(0, 'augment', 1, 'slice-7').uint32();
    expect(Random.of(0, 'augment', 1, 'slice-7').uint32()).toBe(first);
    const others = [
      Random.of(1, 'augment', 1, 'slice-7'),
      Random.of(0, 'augment', 2, 'slice-7'),
      Random.of(0, 'augment', 1, 'slice-8'),
      Random.of(0, 'augment', 11, 'slice-7'),
    ].map((random) => random.uint32());
    expect(new Set([first, ...others]).size).toBe(5);
  });

  it('goes on from a stored state', () => {
    const random = Random.of('any');
    random.uint32();
    const copy = Random.from(JSON.parse(JSON.stringify(random.state)) as typeof random.state);
    expect(Array.from({ length: 5 }, () => copy.uint32())).toEqual(
      Array.from({ length: 5 }, () => random.uint32()),
    );
  });

  it('is uniform enough', () => {
    const random = Random.of('uniform');
    const draws = Array.from({ length: 20_000 }, () => random.uniform(-2, 6));
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(-2);
    expect(Math.max(...draws)).toBeLessThan(6);
    expect(draws.reduce((sum, x) => sum + x, 0) / draws.length).toBeCloseTo(2, 1);
    const counts = [0, 0, 0];
    for (let i = 0; i < 9000; i++) counts[random.integer(3)]! += 1;
    for (const count of counts) expect(Math.abs(count - 3000)).toBeLessThan(200);
  });
});

describe('shuffled', () => {
  it('permutes a copy, every item reaching every place', () => {
    const items = [0, 1, 2, 3];
    const seen = items.map(() => new Set<number>());
    for (let seed = 0; seed < 60; seed++) {
      const order = shuffled(items, Random.of(seed));
      expect(order.toSorted((a, b) => a - b)).toEqual(items);
      for (const [place, item] of order.entries()) seen[place]?.add(item);
    }
    expect(items).toEqual([0, 1, 2, 3]);
    expect(seen.map((places) => places.size)).toEqual([4, 4, 4, 4]);
  });
});
