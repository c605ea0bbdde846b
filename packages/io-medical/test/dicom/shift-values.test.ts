import { describe, expect, it } from 'vitest';
import { shiftValues } from '../../src/dicom/shift-values.js';
import type { VoxelArray } from '../../src/volume.js';

const LENGTHS = [0, 1, 3, 4, 5, 8, 11];
const TYPES = [Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array, Uint32Array] as const;

describe('shiftValues', () => {
  it.each(TYPES)('adds to values of %o, however many there are', (Type) => {
    for (const length of LENGTHS) {
      const values: VoxelArray = new Type(Array.from({ length }, (_, i) => 7 * i - 20));
      const out = new Int16Array(length);
      const expected = Array.from(values, (value) => value - 1024);
      const fits = expected.every((value) => value >= -32_768 && value <= 32_767);
      expect(shiftValues(out, values, -1024)).toBe(fits);
      if (fits) expect([...out]).toEqual(expected);
    }
  });

  it.each([
    [Int16Array, -31_744, -31_745, -1024],
    [Int16Array, 31_743, 31_744, 1024],
    [Uint16Array, 33_791, 33_792, -1024],
    [Uint16Array, 0, 65_535, -32_768],
    [Int32Array, 32_767, 2 ** 31 - 1, 0],
    [Int16Array, 0, 1, 2 ** 31],
  ] as const)('tells of one sum that does not fit, wherever it is: %o, %i and %i', (Type, good, bad, by) => {
    for (let at = 0; at < 7; at++) {
      const values: VoxelArray = new Type(7).fill(good);
      const fits = Math.abs(good + by) <= 32_768;
      expect(shiftValues(new Int16Array(7), values, by)).toBe(fits);
      values[at] = bad;
      const sum = bad + by;
      expect(shiftValues(new Int16Array(7), values, by)).toBe(fits && sum >= -32_768 && sum <= 32_767);
    }
  });
});
