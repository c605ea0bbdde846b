import type { VoxelArray } from './volume.js';

/** Number types that volume files store voxels in. */
export type StoredType =
  'uint8' | 'int8' | 'uint16' | 'int16' | 'uint32' | 'int32' | 'uint64' | 'int64' | 'float32' | 'float64';

type StoredArray = VoxelArray | BigInt64Array | BigUint64Array;

const CONSTRUCTORS = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  uint64: BigUint64Array,
  int64: BigInt64Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

/** Bytes of one voxel. */
export function bytesOf(type: StoredType): number {
  return CONSTRUCTORS[type].BYTES_PER_ELEMENT;
}

/** Room for `count` voxels of a type, 64-bit whole numbers as doubles. */
export function createStored(type: StoredType, count: number): VoxelArray {
  const Constructor = CONSTRUCTORS[type];
  if (Constructor === BigInt64Array || Constructor === BigUint64Array) return new Float64Array(count);
  return new Constructor(count) as VoxelArray;
}

/** Whether this machine keeps the least byte of a number first. */
const PLATFORM_IS_LITTLE_ENDIAN: boolean = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** How {@link decodeStored} takes its bytes. */
export interface StoredLayout {
  readonly type: StoredType;
  readonly littleEndian: boolean;
  /** Whether the bytes may be kept and changed: then voxels may be a view into them instead of a copy. */
  readonly owned: boolean;
}

/**
 * The numbers that bytes hold. 64-bit whole numbers become doubles, every other type stays.
 *
 * @param data exactly the voxel bytes
 */
export function decodeStored(data: Uint8Array, { type, littleEndian, owned }: StoredLayout): VoxelArray {
  const Constructor = CONSTRUCTORS[type];
  const size = Constructor.BYTES_PER_ELEMENT;
  const bytes = owned && data.byteOffset % size === 0 ? data : data.slice();
  if (littleEndian !== PLATFORM_IS_LITTLE_ENDIAN) swapBytes(bytes, size);
  const stored: StoredArray = new Constructor(
    bytes.buffer as ArrayBuffer,
    bytes.byteOffset,
    bytes.byteLength / size,
  );
  if (stored instanceof BigInt64Array || stored instanceof BigUint64Array) {
    return Float64Array.from(stored as BigInt64Array, Number);
  }
  return stored;
}

/** The type that voxels in memory are stored as. */
export function storedTypeOf(voxels: VoxelArray): StoredType {
  return voxels.constructor.name.replace('Array', '').toLowerCase() as StoredType;
}

/** Voxels as bytes, the least byte first. */
export function littleEndianBytes(voxels: VoxelArray): Uint8Array {
  const bytes = new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength);
  if (PLATFORM_IS_LITTLE_ENDIAN) return bytes;
  const turned = bytes.slice();
  swapBytes(turned, voxels.BYTES_PER_ELEMENT);
  return turned;
}

/** `slope * stored + intercept`, in the smallest type that needs no rounding worth the name; see {@link applyScaling}. */
export interface Scaling {
  readonly slope: number;
  readonly intercept: number;
}

/**
 * Stored values to what they measure. Unscaled voxels keep their type. Whole numbers that are only shifted become int16
 * where they fit; everything else that is scaled becomes float32, computed in double precision.
 */
export function applyScaling(stored: VoxelArray, { slope, intercept }: Scaling): VoxelArray {
  if (slope === 1 && intercept === 0) return stored;
  const isWhole = !(stored instanceof Float32Array || stored instanceof Float64Array);
  const isShifted = isWhole && slope === 1 && Number.isInteger(intercept) && fitsInt16(stored, intercept);
  const scaled = isShifted ? new Int16Array(stored.length) : new Float32Array(stored.length);
  for (let i = 0; i < scaled.length; i++) scaled[i] = (stored[i] ?? 0) * slope + intercept;
  return scaled;
}

/** Turns the bytes of every number round, in place. */
function swapBytes(bytes: Uint8Array, size: number): void {
  for (let start = 0; start < bytes.length; start += size) {
    for (let low = start, high = start + size - 1; low < high; low++, high--) {
      const kept = bytes[low] ?? 0;
      bytes[low] = bytes[high] ?? 0;
      bytes[high] = kept;
    }
  }
}

function fitsInt16(values: VoxelArray, shift: number): boolean {
  return values.every((value) => value + shift >= -32_768 && value + shift <= 32_767);
}
