import { describe, expect, it } from 'vitest';
import { distanceTransform } from '../../src/morphology/distance-transform.js';
import { GRID, inverse, randomMask } from './random-mask.js';

function bruteForce(mask: Uint8Array, dims: readonly number[], spacing: readonly number[]): number[] {
  const at = (i: number): number[] => {
    const [nx = 1, ny = 1] = dims;
    return [i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))].map((k, axis) => k * spacing[axis]!);
  };
  const zeros = [...mask.keys()].filter((i) => mask[i] === 0).map(at);
  return [...mask.keys()].map((i) => {
    const [x = 0, y = 0, z = 0] = at(i);
    return Math.min(...zeros.map(([a = 0, b = 0, c = 0]) => Math.hypot(a - x, b - y, c - z)));
  });
}

describe('distanceTransform', () => {
  it('equals SciPy on an anisotropic grid', () => {
    const distance = distanceTransform(inverse(randomMask(9, 0.02)), GRID);
    const [nx, ny] = GRID.dims;
    const at = (x: number, y: number, z: number): number | undefined => distance[x + nx * (y + ny * z)];
    // scipy.ndimage.distance_transform_edt 1.10, sampling=(2.5, 1.1, 0.7).
    expect(distance.reduce((sum, value) => sum + value, 0)).toBeCloseTo(12_755.440853, 2);
    expect(Math.max(...distance)).toBeCloseTo(7.563729238940273, 5);
    expect(at(11, 9, 5)).toBeCloseTo(2.3086792761230392, 6);
    expect(at(22, 18, 10)).toBeCloseTo(5.852349955359813, 6);
  });

  it('equals the minimum over all voxels outside, whatever the shape and spacing', () => {
    let seed = 11;
    for (const dims of [
      [1, 1, 1],
      [9, 1, 1],
      [1, 8, 1],
      [1, 1, 7],
      [6, 5, 1],
      [5, 6, 4],
    ] as const) {
      for (const spacing of [
        [1, 1, 1],
        [0.63, 1.7, 5],
      ] as const) {
        for (const density of [0.3, 0.7, 0.95, 1]) {
          const mask = randomMask(seed++, density, dims);
          const expected = bruteForce(mask, dims, spacing);
          distanceTransform(mask, { dims, spacing }).forEach((value, i) => {
            if (expected[i] === Infinity) expect(value).toBe(Infinity);
            else expect(value).toBeCloseTo(expected[i]!, 5);
          });
        }
      }
    }
  });
});
