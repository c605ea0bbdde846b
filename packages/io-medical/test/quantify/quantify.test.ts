import { describe, expect, it } from 'vitest';
import { createPhantom } from '../../src/phantom/create-phantom.js';
import { quantify } from '../../src/quantify/quantify.js';
import { volumeOf } from '../volumes.js';

describe('quantify', () => {
  it('measures a phantom in millilitres, square millimetres and share of the lungs', () => {
    const { volume, infection, lungs } = createPhantom({ seed: 2, dims: [64, 64, 16], spacing: [5, 5, 20] });
    const result = quantify(infection, volume, { lungs });
    const voxels = infection.reduce((sum, value) => sum + value, 0);
    const lungVoxels = lungs.reduce((sum, value) => sum + value, 0);
    expect(result.voxels).toBe(voxels);
    expect(result.volumeMl).toBeCloseTo((voxels * 500) / 1000, 8);
    expect(result.shareOfImage).toBe(voxels / infection.length);
    expect(result.lungs).toMatchObject({ voxels: lungVoxels, affectedShare: voxels / lungVoxels });
    expect(result.slices).toHaveLength(16);
    const first = infection.subarray(0, 64 * 64).reduce((sum, value) => sum + value, 0);
    expect(result.slices[0]).toEqual({ voxels: first, areaMm2: first * 25 });
    expect(result.method).toContain('500 mm3');
  });

  it('takes the determinant of a sheared grid, not the product of its spacings', () => {
    // Gantry tilt: slices 4 mm apart along the table, each shifted by 3 mm to the back.
    const affine = [-1, 0, 0, 0, 0, -1, -3, 0, 0, 0, 4, 0, 0, 0, 0, 1];
    const result = quantify(Uint8Array.of(1, 1), volumeOf([1, 1, 2], new Int16Array(2), affine));
    expect(result.volumeMl).toBeCloseTo(0.008, 12);
  });

  it('counts the mask as lung where the lung mask misses it', () => {
    const volume = volumeOf([4, 1, 1], new Int16Array(4));
    const result = quantify(Uint8Array.of(0, 0, 9, 9), volume, { lungs: Uint8Array.of(1, 1, 0, 2) });
    expect(result.lungs).toMatchObject({ voxels: 4, affectedShare: 0.5 });
    expect(quantify(new Uint8Array(4), volume, { lungs: new Uint8Array(4) }).lungs?.affectedShare).toBe(0);
  });

  it('gives no sizes where none are known', () => {
    const volume = { ...volumeOf([2, 1, 1], new Int16Array(2)), calibrated: false };
    const result = quantify(Uint8Array.of(1, 0), volume);
    expect(result).not.toHaveProperty('volumeMl');
    expect(result.slices).toEqual([{ voxels: 1 }]);
    expect(result.shareOfImage).toBe(0.5);
    expect(result.method).toContain('no pixel size');
  });

  it('refuses masks of another size', () => {
    const volume = volumeOf([2, 1, 1], new Int16Array(2));
    const mismatch = expect.objectContaining({ code: 'size-mismatch' });
    expect(() => quantify(new Uint8Array(3), volume)).toThrow(mismatch);
    expect(() => quantify(new Uint8Array(2), volume, { lungs: new Uint8Array(1) })).toThrow(mismatch);
  });
});
