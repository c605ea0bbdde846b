import { describe, expect, it } from 'vitest';
import { connectedComponents, type Connectivity } from '../../src/morphology/connected-components.js';
import { GRID, randomMask, sha } from './random-mask.js';

/** Labels by flood fill, voxel by voxel, in scan order. */
function bruteForce(
  mask: Uint8Array,
  [nx, ny, nz]: readonly number[],
  connectivity: Connectivity,
): Int32Array {
  const labels = new Int32Array(mask.length);
  const furthest = { 4: 1, 8: 2, 6: 1, 18: 2, 26: 3 }[connectivity];
  const depth = connectivity === 4 || connectivity === 8 ? 0 : 1;
  let count = 0;
  for (let start = 0; start < mask.length; start++) {
    if (mask[start] === 0 || labels[start] !== 0) continue;
    const open = [start];
    labels[start] = ++count;
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const [x, y, z] = [at % nx!, Math.floor(at / nx!) % ny!, Math.floor(at / (nx! * ny!))];
      for (let dz = -depth; dz <= depth; dz++) {
        for (let dy = -1; dy <= 1; dy++) {
          for (let dx = -1; dx <= 1; dx++) {
            const inside =
              x + dx >= 0 && x + dx < nx! && y + dy >= 0 && y + dy < ny! && z + dz >= 0 && z + dz < nz!;
            const next = at + dx + nx! * (dy + ny! * dz);
            const steps = Math.abs(dx) + Math.abs(dy) + Math.abs(dz);
            if (!inside || steps > furthest || mask[next] === 0 || labels[next] !== 0) continue;
            labels[next] = count;
            open.push(next);
          }
        }
      }
    }
  }
  return labels;
}

describe('connectedComponents', () => {
  // scipy.ndimage.label 1.10 of the same mask: count, largest sizes, hash of the labels as little-endian int32.
  it.each([
    [6, 304, [424, 69, 55, 53, 35], '49c4d6c1acb88595'],
    [18, 5, [1541, 1, 1, 1, 1], '28de10b4993cd917'],
    [26, 2, [1544, 1], 'd05a48b42870d4d9'],
    [4, 652, [25, 17, 16, 15, 13], 'a822f8d606305d58'],
    [8, 268, [58, 53, 45, 33, 33], '39aac574bde03233'],
  ] as const)(
    'labels with %i neighbours as SciPy, number for number',
    (connectivity, count, largest, hash) => {
      const components = connectedComponents(randomMask(7, 0.32), GRID.dims, { connectivity });
      expect(components.count).toBe(count);
      expect([...components.sizes].toSorted((a, b) => b - a).slice(0, largest.length)).toEqual(largest);
      expect(sha(components.toLabels())).toBe(hash);
    },
  );

  it('equals a flood fill on masks of every density and shape', () => {
    let seed = 1;
    for (const dims of [
      [1, 1, 1],
      [17, 1, 1],
      [1, 13, 1],
      [1, 1, 9],
      [9, 8, 1],
      [1, 6, 7],
      [7, 6, 5],
      [12, 3, 8],
    ] as const) {
      for (const density of [0, 0.1, 0.3, 0.5, 0.8, 1]) {
        const mask = randomMask(seed++, density, dims);
        for (const connectivity of [4, 8, 6, 18, 26] as const) {
          const labels = connectedComponents(mask, dims, { connectivity }).toLabels();
          expect(labels, `${dims.join('x')} ${density} ${connectivity}`).toEqual(
            bruteForce(mask, dims, connectivity),
          );
        }
      }
    }
  });

  it('gives sizes, boxes and masks of chosen components', () => {
    // Two bars along x in different slices, one voxel at the end.
    const dims = [4, 2, 2] as const;
    const mask = Uint8Array.of(0, 5, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 9, 0, 1);
    const components = connectedComponents(mask, dims);
    expect([...components.sizes]).toEqual([0, 2, 2, 1]);
    expect(components.boxes()).toEqual([
      undefined,
      { from: [1, 0, 0], to: [3, 1, 1] },
      { from: [0, 1, 1], to: [2, 2, 2] },
      { from: [3, 1, 1], to: [4, 2, 2] },
    ]);
    expect([...components.select((component) => component === 2)]).toEqual([
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0,
    ]);
  });

  it('labels the background where asked to', () => {
    const components = connectedComponents(Uint8Array.of(0, 0, 1, 0, 2), [5, 1, 1], { invert: true });
    expect([...components.toLabels()]).toEqual([1, 1, 0, 2, 0]);
  });

  it('refuses a mask that does not fill the grid', () => {
    expect(() => connectedComponents(new Uint8Array(7), [2, 2, 2])).toThrow(
      expect.objectContaining({ code: 'size-mismatch' }),
    );
  });
});
