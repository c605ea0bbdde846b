import { describe, expect, it } from 'vitest';
import { marchingCubesAreas, type AreaVector } from '../../src/boundary/marching-cubes.js';

const table = marchingCubesAreas();
const size = (triangles: readonly AreaVector[], [x, y, z]: AreaVector = [1, 1, 1]): number =>
  triangles.reduce((sum, [a, b, c]) => sum + Math.hypot(a * y * z, b * x * z, c * x * y), 0);

/** The configuration with its corners permuted. */
const moved = (code: number, corner: (k: number) => number): number =>
  Array.from({ length: 8 }, (_, k) => ((code >> k) & 1) << corner(k)).reduce((sum, bit) => sum | bit, 0);

describe('the marching-cubes table', () => {
  it('has the classic areas', () => {
    expect(size(table[0]!)).toBe(0);
    expect(size(table[255]!)).toBe(0);
    expect(size(table[1]!)).toBeCloseTo(Math.sqrt(3) / 8, 14); // one corner
    expect(size(table[3]!)).toBeCloseTo(Math.SQRT1_2, 14); // an edge
    expect(size(table[15]!)).toBeCloseTo(1, 14); // a face
    expect(size(table[0b1001]!)).toBeCloseTo(Math.sqrt(3) / 4, 14); // two corners across a face
    expect(size(table[7]!)).toBeCloseTo(0.5 + 0.375 * Math.sqrt(3), 14); // three corners of a face
  });

  it('does not care which side is filled, mirroring and turning', () => {
    for (let code = 0; code < 256; code++) {
      expect(size(table[255 - code]!)).toBeCloseTo(size(table[code]!), 12);
      expect(size(table[moved(code, (k) => k ^ 1)]!)).toBeCloseTo(size(table[code]!), 12);
      const turned = moved(code, (k) => ((k << 1) & 7) | (k >> 2));
      expect(size(table[turned]!, [3, 1, 2])).toBeCloseTo(size(table[code]!, [1, 2, 3]), 12);
    }
  });

  it('makes an octahedron of a single voxel', () => {
    const total = Array.from({ length: 8 }, (_, k) => table[1 << k]!).reduce(
      (sum, part) => sum + size(part),
      0,
    );
    expect(total).toBeCloseTo(Math.sqrt(3), 12); // an octahedron of edge 1/sqrt(2)
  });
});
