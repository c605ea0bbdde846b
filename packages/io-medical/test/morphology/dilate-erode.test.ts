import { describe, expect, it } from 'vitest';
import { closing, dilate, erode, opening } from '../../src/morphology/dilate-erode.js';
import { fillHoles } from '../../src/morphology/fill-holes.js';
import { fingerprint, GRID, inverse, randomMask } from './random-mask.js';

const sparse = randomMask(3, 0.03);
const dense = inverse(randomMask(9, 0.02));

describe('dilate, erode, closing, opening', () => {
  // scipy.ndimage 1.10 with the element {offsets within the radius}; closing and opening on a padded mask.
  it.each([
    [
      1.1,
      'ball',
      [693, 'bd5ecc1b2e789724'],
      [3516, 'e6bdf9c0e5dcfccb'],
      [153, 'b05b5506f6b58cef'],
      [4605, 'a99cbd91b36b614f'],
    ],
    [
      1.1,
      'disc',
      [693, 'bd5ecc1b2e789724'],
      [3516, 'e6bdf9c0e5dcfccb'],
      [153, 'b05b5506f6b58cef'],
      [4605, 'a99cbd91b36b614f'],
    ],
    [
      2.6,
      'ball',
      [2995, '9faa39602c73e146'],
      [1118, 'd81be2a2a282ee17'],
      [185, '286a6edb23793e56'],
      [3748, 'b7d0989915b3d832'],
    ],
    [
      2.6,
      'disc',
      [2577, '0a7cbd415465fb0e'],
      [1539, 'ffb15fd6a4b34abd'],
      [326, '3b80842398390023'],
      [4065, '8115562ee9b2033c'],
    ],
    [
      3.3,
      'ball',
      [4336, 'b57887ee14126108'],
      [281, '20a1b8a20ccfc705'],
      [503, '9c69ee634397518b'],
      [2757, 'e02e4f6fc0d185e9'],
    ],
    [
      3.3,
      'disc',
      [3278, 'eba5131b27ceeaff'],
      [805, '3864f66e238c1e7f'],
      [564, '9837f545f58a9076'],
      [3366, 'b5faec83cafd1b28'],
    ],
  ] as const)(
    'radius %f, %s: as SciPy, voxel for voxel',
    (radius, shape, dilated, eroded, closed, opened) => {
      const element = { radius, shape };
      expect(fingerprint(dilate(sparse, GRID, element))).toEqual(dilated);
      expect(fingerprint(erode(dense, GRID, element))).toEqual(eroded);
      expect(fingerprint(closing(sparse, GRID, element))).toEqual(closed);
      expect(fingerprint(opening(dense, GRID, element))).toEqual(opened);
    },
  );

  it('closing holds the mask, opening is held by it, and a second time changes nothing', () => {
    for (let seed = 1; seed <= 6; seed++) {
      const mask = randomMask(seed, 0.2 + 0.1 * seed);
      for (const element of [{ radius: 2.6 }, { radius: 1.5, shape: 'disc' }] as const) {
        const closed = closing(mask, GRID, element);
        const opened = opening(mask, GRID, element);
        mask.forEach((value, i) => {
          if (closed[i]! < value || opened[i]! > value) throw new Error(`voxel ${i} of seed ${seed}`);
        });
        expect(opening(opened, GRID, element)).toEqual(opened);
      }
    }
  });

  it('leaves an empty mask empty and a radius of 0 without effect', () => {
    expect(closing(new Uint8Array(sparse.length), GRID, { radius: 3 })).not.toContain(1);
    expect(dilate(sparse, GRID, { radius: 0 })).toEqual(sparse);
    expect(erode(sparse, GRID, { radius: 0, shape: 'disc' })).toEqual(sparse);
  });

  it('refuses impossible elements and masks', () => {
    const invalid = expect.objectContaining({ code: 'invalid-option' });
    expect(() => dilate(sparse, GRID, { radius: -1 })).toThrow(invalid);
    expect(() => dilate(sparse, GRID, { radius: NaN })).toThrow(invalid);
    expect(() => erode(sparse, { ...GRID, spacing: [1, 0, 1] }, { radius: 1 })).toThrow(invalid);
    expect(() => erode(sparse.subarray(1), GRID, { radius: 1 })).toThrow(
      expect.objectContaining({ code: 'size-mismatch' }),
    );
  });
});

describe('fillHoles', () => {
  it('equals SciPy in space and slice by slice', () => {
    const mask = randomMask(21, 0.7);
    expect(fingerprint(fillHoles(mask, GRID.dims))).toEqual([3804, 'fffd2f3d25a05b19']);
    expect(fingerprint(fillHoles(mask, GRID.dims, { within: 'slices' }))).toEqual([4344, 'f43e2f41f681bbb2']);
  });

  it('leaves holes above the limit open', () => {
    const ring = Uint8Array.of(1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1);
    expect(fillHoles(ring, [4, 3, 1], { within: 'slices', maxVoxels: 1 })).toEqual(ring);
    expect(fillHoles(ring, [4, 3, 1], { within: 'slices', maxVoxels: 2 })).toEqual(
      new Uint8Array(12).fill(1),
    );
  });
});
