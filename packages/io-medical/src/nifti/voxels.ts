import type { NiftiHeader } from './header.js';
import type { VoxelArray } from '../volume.js';

type Stored = VoxelArray | BigInt64Array | BigUint64Array;

const CONSTRUCTORS: Readonly<Record<number, new (buffer: ArrayBuffer) => Stored>> = {
  2: Uint8Array,
  4: Int16Array,
  8: Int32Array,
  16: Float32Array,
  64: Float64Array,
  256: Int8Array,
  512: Uint16Array,
  768: Uint32Array,
  1024: BigInt64Array,
  1280: BigUint64Array,
};

const PLATFORM_IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/**
 * Voxels of a file in the platform's byte order, with slope and intercept applied.
 *
 * Unscaled voxels keep their type (64-bit whole numbers become doubles). Whole-number voxels that are only shifted
 * become int16 where they fit; everything else that is scaled becomes float32, computed in double precision.
 *
 * @param data exactly the voxel bytes
 */
export function decodeVoxels(header: NiftiHeader, data: Uint8Array): VoxelArray {
  const stored = toNumbers(toPlatform(header, data));
  const { slope, intercept } = header;
  if (slope === 1 && intercept === 0) return stored;
  const isWhole = !(stored instanceof Float32Array || stored instanceof Float64Array);
  const isShifted = isWhole && slope === 1 && Number.isInteger(intercept) && fitsInt16(stored, intercept);
  const scaled = isShifted ? new Int16Array(stored.length) : new Float32Array(stored.length);
  for (let i = 0; i < scaled.length; i++) scaled[i] = (stored[i] ?? 0) * slope + intercept;
  return scaled;
}

function toPlatform({ littleEndian, bytesPerVoxel, datatype }: NiftiHeader, data: Uint8Array): Stored {
  const own = data.slice();
  if (bytesPerVoxel > 1 && littleEndian !== PLATFORM_IS_LITTLE_ENDIAN) {
    for (let i = 0; i < own.length; i += bytesPerVoxel) own.subarray(i, i + bytesPerVoxel).reverse();
  }
  const Constructor = CONSTRUCTORS[datatype] ?? Uint8Array;
  return new Constructor(own.buffer);
}

function toNumbers(stored: Stored): VoxelArray {
  if (stored instanceof BigInt64Array || stored instanceof BigUint64Array) {
    return Float64Array.from(stored as BigInt64Array, Number);
  }
  return stored;
}

function fitsInt16(values: VoxelArray, shift: number): boolean {
  return values.every((value) => value + shift >= -32_768 && value + shift <= 32_767);
}
