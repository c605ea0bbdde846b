import { expect, it } from 'vitest';
import { LEFT_LUNG, RIGHT_LUNG } from '../../src/lung/labels.js';
import { createPhantom } from '../../src/phantom/create-phantom.js';
import { quantify } from '../../src/quantify/quantify.js';
import type { Volume, VoxelArray } from '../../src/volume.js';

const { volume, infection, lungs } = createPhantom({ seed: 4, dims: [40, 36, 12] });
const labels = lungs.map((lung, i) => (lung === 0 ? 0 : i % 40 < 20 ? RIGHT_LUNG : LEFT_LUNG));
// Some infection outside of the lungs, which has to find its side.
infection.fill(1, 3, 6);
infection.fill(1, 36, 38);

/** Voxels with their axes in another order, those in `flips` running backwards; and the affine that undoes it. */
function turned(order: readonly number[], flips: readonly boolean[]) {
  const { dims, affine } = volume;
  const sides = order.map((axis) => dims[axis as 0 | 1 | 2]) as unknown as Volume['dims'];
  const strides = [1, dims[0], dims[0] * dims[1]];
  const turn = <Values extends VoxelArray>(values: Values): Values => {
    const out = new (values.constructor as new (length: number) => Values)(values.length);
    for (let i = 0; i < out.length; i++) {
      const place = [
        i % sides[0],
        Math.floor(i / sides[0]) % sides[1],
        Math.floor(i / (sides[0] * sides[1])),
      ];
      const from = place.reduce(
        (sum, at, axis) =>
          sum + (flips[axis] ? sides[axis as 0 | 1 | 2] - 1 - at : at) * strides[order[axis]!]!,
        0,
      );
      out[i] = values[from]!;
    }
    return out;
  };
  const matrix = [...affine];
  for (let row = 0; row < 3; row++) {
    let offset = affine[4 * row + 3]!;
    order.forEach((axis, own) => {
      const step = affine[4 * row + axis]!;
      matrix[4 * row + own] = flips[own] ? -step : step;
      if (flips[own]) offset += step * (sides[own as 0 | 1 | 2] - 1);
    });
    matrix[4 * row + 3] = offset;
  }
  return { volume: { ...volume, dims: sides, affine: matrix, voxels: turn(volume.voxels) }, turn };
}

/** Figures rounded: sums of densities and places are made in another order. */
const rounded = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, part) => (typeof part === 'number' ? Number(part.toFixed(6)) : part)));

const expected = rounded(quantify(infection, volume, { lungs: { labels } }));

it.each([
  [[0, 1, 2], 'columns, rows, slices'],
  [[1, 0, 2], 'rows, columns, slices'],
  [[2, 0, 1], 'slices, columns, rows'],
  [[1, 2, 0], 'rows, slices, columns'],
  [[0, 2, 1], 'columns, slices, rows'],
  [[2, 1, 0], 'slices, rows, columns'],
])('figures do not depend on how the file lies: %j (%s), forwards and backwards', (order) => {
  for (const flips of [
    [false, false, false],
    [true, false, true],
    [false, true, true],
    [true, true, true],
  ]) {
    const other = turned(order, flips);
    const found = quantify(other.turn(infection), other.volume, { lungs: { labels: other.turn(labels) } });
    expect(rounded(found)).toEqual(expected);
  }
});
