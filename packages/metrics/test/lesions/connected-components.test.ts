import { describe, expect, it } from 'vitest';
import { MetricsError } from '../../src/index.js';
import { connectedComponents, type Connectivity } from '../../src/entry/lesions.js';
import { randomGenerator } from '../support/random.js';

/** Labels by filling from every voxel that has none yet. */
function flood(mask: Uint8Array, [width, height, depth]: number[], connectivity: Connectivity): number[] {
  const steps = { 4: 1, 8: 2, 6: 1, 18: 2, 26: 3 }[connectivity];
  const labels = Array<number>(mask.length).fill(0);
  let count = 0;
  for (let start = 0; start < mask.length; start++) {
    if (mask[start] === 0 || labels[start] !== 0) continue;
    labels[start] = ++count;
    const open = [start];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const [x, y, z] = [at % width!, Math.floor(at / width!) % height!, Math.floor(at / (width! * height!))];
      for (let k = 0; k < 27; k++) {
        const [dx, dy, dz] = [(k % 3) - 1, (Math.floor(k / 3) % 3) - 1, Math.floor(k / 9) - 1];
        if (Math.abs(dx) + Math.abs(dy) + Math.abs(dz) > steps) continue;
        const [a, b, c] = [x + dx, y + dy, z + dz];
        if (a < 0 || b < 0 || c < 0 || a >= width! || b >= height! || c >= depth!) continue;
        const next = a + width! * (b + height! * c);
        if (mask[next] === 0 || labels[next] !== 0) continue;
        labels[next] = count;
        open.push(next);
      }
    }
  }
  return labels;
}

describe('connectedComponents', () => {
  it.each<[Connectivity, number]>([
    [4, 1],
    [8, 1],
    [6, 5],
    [18, 5],
    [26, 5],
  ])('%i-connected, equals flood filling', (connectivity, depth) => {
    const random = randomGenerator(connectivity);
    for (let run = 0; run < 120; run++) {
      const [width, height] = [1 + Math.floor(random() * 11), 1 + Math.floor(random() * 9)];
      const density = random();
      const mask = Uint8Array.from({ length: width * height * depth }, () => (random() < density ? 1 : 0));
      const { labels, components } = connectedComponents(mask, { width, height, depth, connectivity });
      const wanted = flood(mask, [width, height, depth], connectivity);
      expect([...labels]).toEqual(wanted);
      for (const { label, voxels, centroid, from, to } of components) {
        const members = wanted.flatMap((value, i) => (value === label ? [i] : []));
        const axes = [
          members.map((i) => i % width),
          members.map((i) => Math.floor(i / width) % height),
          members.map((i) => Math.floor(i / (width * height))),
        ];
        expect(voxels).toBe(members.length);
        axes.forEach((values, axis) => {
          expect(centroid[axis]).toBeCloseTo(values.reduce((sum, v) => sum + v, 0) / values.length, 12);
          expect([from[axis], to[axis]]).toEqual([Math.min(...values), Math.max(...values)]);
        });
      }
    }
  });

  it('gives volumes by the spacing, areas for an image', () => {
    const mask = Uint8Array.of(1, 1, 0, 1);
    const image = { width: 4, height: 1, spacing: [0.5, 0.5, 9] };
    expect(connectedComponents(mask, image).components.map(({ volume }) => volume)).toEqual([0.5, 0.25]);
    const volume = { width: 1, height: 1, depth: 4, spacing: [0.5, 0.5, 4] };
    expect(connectedComponents(mask, volume).components.map((row) => row.volume)).toEqual([2, 1]);
  });

  it('refuses a connectivity of other dimensions', () => {
    const mask = new Uint8Array(8);
    const volume = { width: 2, height: 2, depth: 2 };
    expect(() => connectedComponents(mask, { ...volume, connectivity: 8 })).toThrow(MetricsError);
    expect(() => connectedComponents(mask, { width: 4, height: 2, connectivity: 26 })).toThrow(
      'connectivity',
    );
    expect(connectedComponents(mask, volume)).toMatchObject({ connectivity: 26, components: [] });
  });
});
