import { describe, expect, it } from 'vitest';
import { alignMask } from '../../src/lung/align-mask.js';
import { externalLungs } from '../../src/lung/external-lungs.js';
import { LEFT_LUNG, RIGHT_LUNG } from '../../src/lung/labels.js';
import { createPhantom } from '../../src/phantom/create-phantom.js';
import type { Volume } from '../../src/volume.js';
import { counting, volumeOf } from '../volumes.js';
import { reorient } from './reorient.js';

const { volume, lungs } = createPhantom({ seed: 4, dims: [64, 64, 16], infection: false });
const [nx] = volume.dims;
const bySide = lungs.map((lung, i) => (lung === 0 ? 0 : i % nx < nx / 2 ? RIGHT_LUNG : LEFT_LUNG));

function maskOf(voxels: Uint8Array): Volume {
  return { ...volume, voxels, unit: 'grey', source: 'mask.nii' };
}

describe('alignMask', () => {
  it('takes a mask whose axes run otherwise', () => {
    const mask = maskOf(bySide);
    const turned = reorient(mask, { axes: [2, 0, 1], flips: [true, false, true] });
    expect(turned.dims).toEqual([16, 64, 64]);
    expect(Buffer.compare(alignMask(turned, volume), bySide)).toBe(0);
  });

  it('refuses a mask of another size, place or kind', () => {
    const mismatch = expect.objectContaining({ code: 'size-mismatch' });
    expect(() => alignMask(volumeOf([2, 2, 2], new Uint8Array(8)), volume)).toThrow(mismatch);
    const moved = volume.affine.map((value, i) => (i === 3 ? value + 4 : value));
    expect(() => alignMask({ ...maskOf(bySide), affine: moved }, volume)).toThrow(mismatch);
    const grid = volumeOf([2, 2, 1], counting(4));
    expect(() => alignMask({ ...grid, voxels: Float32Array.of(0, 0.5, 1, 1) }, grid)).toThrow(
      expect.objectContaining({ code: 'invalid-option' }),
    );
    expect([...alignMask({ ...grid, voxels: Float32Array.of(0, 2, 1, 1) }, grid)]).toEqual([0, 2, 1, 1]);
  });
});

describe('externalLungs', () => {
  it('tells the sides of a plain mask by place', () => {
    const { labels, method, checks } = externalLungs(maskOf(lungs.map((lung) => 255 * lung)), volume);
    expect(Buffer.compare(labels, bySide)).toBe(0);
    expect(method).toContain('by place');
    expect(checks).toEqual([]);
  });

  it('takes labelled sides as they are, and warns where they lie the wrong way round', () => {
    expect(externalLungs(maskOf(bySide), volume)).toMatchObject({ checks: [] });
    const swapped = externalLungs(maskOf(bySide.map((label) => (label === 0 ? 0 : 3 - label))), volume);
    expect(swapped.checks).toMatchObject([{ code: 'mirrored' }]);
  });

  it('takes lobes, and the sides from them', () => {
    const half = lungs.length / 2;
    const lobes = bySide.map((label, i) =>
      label === 0 ? 0 : label === LEFT_LUNG ? (i > half ? 1 : 2) : i > half ? 3 : 5,
    );
    const found = externalLungs(maskOf(lobes), volume);
    expect(Buffer.compare(found.labels, bySide)).toBe(0);
    expect(Buffer.compare(found.lobes!, lobes)).toBe(0);
  });

  it('refuses an empty mask and labels that it does not know', () => {
    const invalid = expect.objectContaining({ code: 'invalid-option' });
    expect(() => externalLungs(maskOf(new Uint8Array(lungs.length)), volume)).toThrow(invalid);
    expect(() => externalLungs(maskOf(bySide.map((label) => 10 * label)), volume)).toThrow(invalid);
  });
});
