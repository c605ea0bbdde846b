import type { VoxelArray } from '../volume.js';

/**
 * Writes `values + by` as 16-bit numbers.
 *
 * @param out as long as `values`
 * @param values whole numbers
 * @param by a whole number
 * @returns whether all sums fitted; where one did not, `out` is of no use
 */
export function shiftValues(out: Int16Array, values: VoxelArray, by: number): boolean {
  if (values.BYTES_PER_ELEMENT <= 2 && Math.abs(by) < 2 ** 30) return shiftWords(out, values, by);
  let fits = true;
  for (let i = 0; i < values.length; i++) {
    const sum = (values[i] as number) + by;
    out[i] = sum;
    if (sum < -32_768 || sum > 32_767) fits = false;
  }
  return fits;
}

/**
 * As {@link shiftValues} where all sums fit 32 bits. This is most of the work that an uncompressed series needs: kept
 * whole by `| 0`, and four at a time, it takes half as long.
 */
function shiftWords(out: Int16Array, values: VoxelArray, by: number): boolean {
  const { length } = values;
  // Bits above the lowest 16 stand for a sum below -32768 or above 32767, whichever of them all it was.
  let seen = 0;
  let i = 0;
  for (; i + 3 < length; i += 4) {
    const a = ((values[i] as number) + by) | 0;
    const b = ((values[i + 1] as number) + by) | 0;
    const c = ((values[i + 2] as number) + by) | 0;
    const d = ((values[i + 3] as number) + by) | 0;
    out[i] = a;
    out[i + 1] = b;
    out[i + 2] = c;
    out[i + 3] = d;
    seen |= (a + 32_768) | (b + 32_768) | (c + 32_768) | (d + 32_768);
  }
  for (; i < length; i++) {
    const sum = ((values[i] as number) + by) | 0;
    out[i] = sum;
    seen |= sum + 32_768;
  }
  return seen >>> 16 === 0;
}
