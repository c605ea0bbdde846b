import { describe, expect, it } from 'vitest';
import type { Affine } from '../src/affine.js';
import { displayFrame, putSlice, takeSlice } from '../src/display-frame.js';
import { counting, volumeOf } from './volumes.js';

/** Affine whose voxel axes run in the given RAS directions (such as 'LPS'), with a step of 1, 2, 3 along x, y, z. */
function affineOf(code: string): Affine {
  const affine = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
  Array.from(code).forEach((letter, axis) => {
    const patientAxis = 'RL'.includes(letter) ? 0 : 'AP'.includes(letter) ? 1 : 2;
    affine[4 * patientAxis + axis] = ('RAS'.includes(letter) ? 1 : -1) * (axis + 1);
  });
  return affine;
}

/** Every way to place three axes: 6 orders times 8 flips. */
function allOrientations(): string[] {
  const pairs = ['RL', 'AP', 'SI'];
  const orders = ['012', '021', '102', '120', '201', '210'];
  return orders.flatMap((order) =>
    Array.from({ length: 8 }, (_, flips) =>
      Array.from(order, (pair, i) => pairs[Number(pair)]?.[(flips >> i) & 1] ?? '').join(''),
    ),
  );
}

describe('displayFrame', () => {
  const dims = [3, 4, 5] as const;

  it.each(allOrientations())('shows %s volumes from right to left, front to back, feet to head', (code) => {
    const affine = affineOf(code);
    const frame = displayFrame({ dims, affine });
    const patient = (column: number, row: number, slice: number): number[] => {
      let index =
        frame.offset + column * frame.columnStride + row * frame.rowStride + slice * frame.sliceStride;
      const x = index % dims[0];
      index = (index - x) / dims[0];
      const voxel = [x, index % dims[1], Math.floor(index / dims[1]), 1];
      return [0, 1, 2].map((r) => voxel.reduce((sum, v, c) => sum + v * (affine[4 * r + c] ?? 0), 0));
    };
    const [left, back, up] = [patient(1, 0, 0), patient(0, 1, 0), patient(0, 0, 1)];
    const origin = patient(0, 0, 0);
    expect(left[0]).toBeLessThan(origin[0] ?? 0);
    expect(back[1]).toBeLessThan(origin[1] ?? 0);
    expect(up[2]).toBeGreaterThan(origin[2] ?? 0);
  });

  it.each(allOrientations())('puts the slices of %s volumes back exactly', (code) => {
    const volume = volumeOf(dims, counting(60), affineOf(code));
    const frame = displayFrame(volume);
    expect(frame.width * frame.height * frame.slices).toBe(60);
    const copy = new Int16Array(60).fill(-1);
    for (let slice = 0; slice < frame.slices; slice++) {
      putSlice(copy, frame, slice, takeSlice(volume.voxels, frame, slice));
    }
    expect(copy).toEqual(volume.voxels);
  });

  it('is the identity for images and for LPS volumes', () => {
    const frame = displayFrame({ dims, affine: affineOf('LPS') });
    expect(frame).toMatchObject({ offset: 0, columnStride: 1, rowStride: 3, sliceStride: 12 });
  });

  it('takes the nearest axes of an oblique volume', () => {
    const affine = [0.77, -0.25, -0.03, -90, 0.24, 0.75, -0.22, -60, 0.08, 0.16, 0.98, -128, 0, 0, 0, 1];
    expect(displayFrame({ dims, affine }).axes).toEqual([0, 1, 2]);
  });
});
