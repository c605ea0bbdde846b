import { describe, expect, it } from 'vitest';
import { type Affine, axisStep, norm } from '../../src/affine.js';
import { quaternionForm } from '../../src/nifti/qform.js';
import { createRandom } from '../../src/phantom/random.js';

/** The rotation of a unit quaternion, as nifti1.h gives it, column by column. */
function columns([b, c, d]: readonly [number, number, number], qfac: number): number[][] {
  const a = Math.sqrt(Math.max(0, 1 - b * b - c * c - d * d));
  return [
    [a * a + b * b - c * c - d * d, 2 * (b * c + a * d), 2 * (b * d - a * c)],
    [2 * (b * c - a * d), a * a + c * c - b * b - d * d, 2 * (c * d + a * b)],
    [2 * (b * d + a * c), 2 * (c * d - a * b), a * a + d * d - b * b - c * c].map((value) => value * qfac),
  ];
}

describe('quaternionForm', () => {
  const random = createRandom(11);
  const rotation = (): number[][] => {
    const q = Array.from({ length: 4 }, () => random.between(-1, 1));
    const [a = 1, b = 0, c = 0, d = 0] = q.map((value) => value / Math.hypot(...q));
    const sign = a < 0 ? -1 : 1;
    return columns([sign * b, sign * c, sign * d], 1);
  };
  const half = [
    [1, 1, 1],
    [1, -1, -1],
    [-1, 1, -1],
    [-1, -1, 1],
  ].map(([x = 1, y = 1, z = 1]) => [
    [x, 0, 0],
    [0, y, 0],
    [0, 0, z],
  ]);

  it('says the directions of any turn, mirrored or not', () => {
    for (const turn of [...half, ...Array.from({ length: 200 }, rotation)]) {
      for (const mirror of [1, -1]) {
        const [x = [], y = [], z = []] = turn;
        const at = (row: number): number[] => [
          0.7 * (x[row] ?? 0),
          0.8 * (y[row] ?? 0),
          2.5 * mirror * (z[row] ?? 0),
          9,
        ];
        const affine: Affine = [...at(0), ...at(1), ...at(2), 0, 0, 0, 1];
        const form = quaternionForm(affine);
        expect(form?.qfac).toBe(mirror);
        columns(form?.quaternion ?? [9, 9, 9], mirror).forEach((column, axis) => {
          const step = axisStep(affine, axis);
          column.forEach((value, row) => expect(value).toBeCloseTo((step[row] ?? 0) / norm(step), 6));
        });
      }
    }
  });

  it('has no say where the axes are not perpendicular', () => {
    expect(quaternionForm([1, 0, 0, 0, 0, 1, 0.27, 0, 0, 0, 1, 0, 0, 0, 0, 1])).toBeUndefined();
  });
});
