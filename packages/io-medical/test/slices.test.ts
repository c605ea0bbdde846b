import { describe, expect, it } from 'vitest';
import { diagonalAffine } from '../src/affine.js';
import { createPhantom } from '../src/phantom/create-phantom.js';
import { resizeBilinear } from '../src/resize.js';
import { maskToGrid, type ProbabilityMap, restoreSlice, restoreToGrid, toSlices } from '../src/slices.js';
import { windowToUint8 } from '../src/window.js';
import { counting, volumeOf } from './volumes.js';

/** Axial slices stored from the head down with x to the right and y to the front: all three axes flipped. */
const FLIPPED = diagonalAffine([1, 1, -2]);

describe('toSlices', () => {
  it('gives windowed, resized slices from the feet up', () => {
    const { volume } = createPhantom({ seed: 1, dims: [48, 40, 3], spacing: [8, 8, 40] });
    const slices = [...toSlices(volume, { size: 32 })];
    expect(slices.map(({ index }) => index)).toEqual([0, 1, 2]);
    const data = windowToUint8(volume.voxels.subarray(0, 48 * 40), 'lung');
    expect(slices[0]).toEqual({ ...resizeBilinear({ width: 48, height: 40, data }, 32, 32), index: 0 });
  });

  it('keeps its own size, turns the volume round, and takes a window', () => {
    const volume = volumeOf([2, 1, 2], counting(4), FLIPPED);
    const slices = [...toSlices(volume, { window: { center: 127.5, width: 255 } })];
    expect(slices.map(({ data }) => [...data])).toEqual([
      [3, 2],
      [1, 0],
    ]);
  });

  it('leaves 8-bit grey as it is, takes the high byte of 16 bits, and stretches other grey values', () => {
    const first = (voxels: Uint8Array | Uint16Array | Float32Array, format: 'png' | 'nifti'): number[] => {
      const volume = { ...volumeOf([3, 1, 1], voxels), unit: 'grey', format } as const;
      return [...toSlices(volume)].flatMap(({ data }) => [...data]);
    };
    expect(first(Uint8Array.of(1, 2, 3), 'png')).toEqual([1, 2, 3]);
    expect(first(Uint16Array.of(0, 257 * 100, 65_535), 'png')).toEqual([0, 100, 255]);
    expect(first(Uint8Array.of(1, 2, 3), 'nifti')).toEqual([1, 2, 3]);
    expect(first(Float32Array.of(0, 1000, 4000), 'nifti')).toEqual([0, 64, 255]);
  });
});

describe('restoring probabilities', () => {
  const volume = volumeOf([6, 4, 2], counting(48), FLIPPED);
  const ramp: ProbabilityMap = {
    width: 3,
    height: 2,
    data: Float32Array.of(0, 0.5, 1, 0, 0.5, 1),
  };

  it('goes back to the slice and only then to the mask', () => {
    const slice = restoreSlice(ramp, volume);
    expect([slice.width, slice.height]).toEqual([6, 4]);
    expect([...slice.data.subarray(0, 6)]).toEqual([0, 0.125, 0.375, 0.625, 0.875, 1]);

    const grid = restoreToGrid([ramp, ramp], volume);
    // The volume's x runs against the columns.
    expect([...grid.subarray(0, 6)]).toEqual([1, 0.875, 0.625, 0.375, 0.125, 0]);
    expect([...maskToGrid([ramp, ramp], volume, { threshold: 0.6 }).subarray(0, 6)]).toEqual([
      1, 1, 1, 0, 0, 0,
    ]);
    expect(maskToGrid([ramp, ramp], volume)).toEqual(
      Uint8Array.from(grid, (value) => (value >= 0.5 ? 1 : 0)),
    );
  });

  it('is the inverse of toSlices where nothing is resized', () => {
    const maps = [...toSlices(volume, { window: { center: 127.5, width: 255 } })].map(
      ({ width, height, data }) => ({ width, height, data: Float32Array.from(data) }),
    );
    expect(restoreToGrid(maps, volume)).toEqual(Float32Array.from(volume.voxels));
  });

  it('takes its maps one at a time', () => {
    let open = 0;
    function* maps(): Generator<ProbabilityMap> {
      for (let i = 0; i < 2; i++) {
        expect(open++).toBe(i);
        yield ramp;
      }
    }
    maskToGrid(maps(), volume);
    expect(open).toBe(2);
  });

  it('refuses too many, too few and misshapen maps', () => {
    const mismatch = expect.objectContaining({ code: 'size-mismatch' });
    expect(() => maskToGrid([ramp], volume)).toThrow(mismatch);
    expect(() => maskToGrid([ramp, ramp, ramp], volume)).toThrow(mismatch);
    expect(() => restoreSlice({ ...ramp, width: 4 }, volume)).toThrow(mismatch);
  });
});
