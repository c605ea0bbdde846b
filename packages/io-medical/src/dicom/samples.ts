import type { VoxelArray } from '../volume.js';
import type { PixelFormat } from './pixel-format.js';

const PLATFORM_IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/**
 * Stored values of uncompressed samples: in the platform's byte order, without the bits above and below the stored
 * ones, with their sign.
 *
 * @param bytes exactly the samples
 * @param format of the samples; single bits are unpacked by {@link unpackBits}
 */
export function storedValues(bytes: Uint8Array, format: PixelFormat, littleEndian: boolean): VoxelArray {
  const { bitsAllocated, signed, kind } = format;
  const size = bitsAllocated / 8;
  const isAligned = bytes.byteOffset % size === 0;
  const isSwapped = size > 1 && littleEndian !== PLATFORM_IS_LITTLE_ENDIAN;
  const own = isAligned && !isSwapped ? bytes : bytes.slice();
  if (isSwapped) swapBytes(own, size);
  const values = viewAs(own, bitsAllocated, kind === 'float' ? 'float' : signed ? 'signed' : 'unsigned');
  return kind === 'float' ? values : significantBits(values, format);
}

/**
 * Cuts values down to their stored bits and gives them their sign. Values that need no change are returned as they
 * are; others in new memory.
 */
export function significantBits(
  values: VoxelArray,
  {
    bitsAllocated,
    bitsStored,
    highBit,
    signed,
  }: Pick<PixelFormat, 'bitsAllocated' | 'bitsStored' | 'highBit' | 'signed'>,
): VoxelArray {
  if (bitsStored === bitsAllocated) return values;
  // Shifting up to the highest of 32 bits and down again drops what lies outside and spreads the sign.
  const up = 31 - highBit;
  const down = 32 - bitsStored;
  const out = values.slice();
  for (let i = 0; i < out.length; i++) {
    const top = (out[i] ?? 0) << up;
    out[i] = signed ? top >> down : top >>> down;
  }
  return out;
}

/** Single bits, the lowest of each byte first (PS3.5, 8.1.1), as 0 and 1. */
export function unpackBits(bytes: Uint8Array, firstBit: number, count: number): Uint8Array {
  const out = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const bit = firstBit + i;
    out[i] = ((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1;
  }
  return out;
}

/** Pixel by pixel instead of colour by colour. */
export function interleave(planes: VoxelArray, pixels: number): VoxelArray {
  const out = planes.slice();
  for (let i = 0; i < pixels; i++) {
    for (let plane = 0; plane < 3; plane++) out[3 * i + plane] = planes[plane * pixels + i] ?? 0;
  }
  return out;
}

/** Reverses the bytes of each number in place. */
export function swapBytes(bytes: Uint8Array, size: number): void {
  for (let i = 0; i + size <= bytes.length; i += size) bytes.subarray(i, i + size).reverse();
}

/** Bytes seen as numbers. */
export function viewAs(bytes: Uint8Array, bits: number, kind: 'signed' | 'unsigned' | 'float'): VoxelArray {
  const { buffer, byteOffset, byteLength } = bytes;
  const length = Math.floor(byteLength / (bits / 8));
  if (kind === 'float') {
    return bits === 32
      ? new Float32Array(buffer, byteOffset, length)
      : new Float64Array(buffer, byteOffset, length);
  }
  const signed = kind === 'signed';
  if (bits === 8) return signed ? new Int8Array(buffer, byteOffset, length) : bytes;
  if (bits === 16) {
    return signed ? new Int16Array(buffer, byteOffset, length) : new Uint16Array(buffer, byteOffset, length);
  }
  return signed ? new Int32Array(buffer, byteOffset, length) : new Uint32Array(buffer, byteOffset, length);
}
