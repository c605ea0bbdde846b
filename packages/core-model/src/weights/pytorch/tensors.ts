import { WeightsError } from '../../errors.js';
import { fromFloat16 } from '../float16.js';
import { elementCount, type StateTensor } from '../state-dict.js';
import { damagedPickle } from './pickle-error.js';
import { ITEM_BYTES, type StorageDtype, type TensorRef } from './pickle-values.js';

/** The bytes of storages. */
export interface Storages {
  /** A storage's bytes, or undefined where the file has none of that key. */
  bytes(key: string): Uint8Array | undefined;
  readonly littleEndian: boolean;
}

/**
 * Copies a strided view out of its storage, row by row. float64 is rounded to float32, bfloat16 widened to it (exact),
 * float16 kept as such; whole numbers and booleans become int64.
 *
 * @throws {WeightsError} `truncated-file`, `damaged-pickle`, where the view reaches beyond what is there
 */
export function readTensor(name: string, ref: TensorRef, storages: Storages): StateTensor {
  const bytes = storages.bytes(ref.storage.key);
  const item = ITEM_BYTES[ref.dtype];
  // An untyped storage counts bytes.
  const needed = ref.storage.length * (ref.storage.dtype === undefined ? 1 : item);
  if (bytes === undefined || bytes.length < needed) {
    throw new WeightsError(
      'truncated-file',
      `PyTorch checkpoint: tensor "${name}" needs a storage of ${needed} bytes, the file holds ${bytes?.length ?? 0}`,
      'The file is incomplete. Fetch or write it again.',
    );
  }
  checkReach(name, ref, Math.floor(bytes.length / item));
  const compact = isRowMajor(ref) ? sliceOf(bytes, ref, item) : gather(bytes, ref, item);
  if (!storages.littleEndian && item > 1) swapBytes(compact, item);
  return decode(ref.dtype, ref.shape, compact.buffer);
}

/** Whether the last element that the view sees lies in its storage. */
function checkReach(name: string, { storage, offset, shape, strides }: TensorRef, available: number): void {
  if (elementCount(shape) === 0) return;
  const last = shape.reduce((sum, side, axis) => sum + (side - 1) * strides[axis]!, storage.start + offset);
  // A view of more elements than there are repeats them: no weights do, and it could grow to any size.
  if (last >= available || elementCount(shape) > available) {
    throw damagedPickle(`tensor "${name}" reaches beyond its storage of ${available} elements`);
  }
}

function isRowMajor({ shape, strides }: TensorRef): boolean {
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== step) return false;
    step *= shape[axis]!;
  }
  return true;
}

function sliceOf(
  bytes: Uint8Array,
  { storage, offset, shape }: TensorRef,
  item: number,
): Uint8Array<ArrayBuffer> {
  const start = (storage.start + offset) * item;
  return new Uint8Array(bytes.subarray(start, start + elementCount(shape) * item));
}

function gather(
  bytes: Uint8Array,
  { storage, offset, shape, strides }: TensorRef,
  item: number,
): Uint8Array<ArrayBuffer> {
  const compact = new Uint8Array(elementCount(shape) * item);
  const index = shape.map(() => 0);
  let from = storage.start + offset;
  for (let to = 0; to < compact.length; to += item) {
    for (let i = 0; i < item; i++) compact[to + i] = bytes[from * item + i]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return compact;
}

function swapBytes(bytes: Uint8Array, item: number): void {
  for (let at = 0; at < bytes.length; at += item) bytes.subarray(at, at + item).reverse();
}

function decode(dtype: StorageDtype, shape: readonly number[], buffer: ArrayBuffer): StateTensor {
  switch (dtype) {
    case 'float32':
      return { dtype, shape, data: new Float32Array(buffer) };
    case 'float16':
      return { dtype, shape, data: fromFloat16(new Uint16Array(buffer)) };
    case 'float64':
      return { dtype: 'float32', shape, data: Float32Array.from(new Float64Array(buffer)) };
    case 'bfloat16':
      return { dtype: 'float32', shape, data: fromBfloat16(new Uint16Array(buffer)) };
    case 'int64':
      return { dtype, shape, data: new BigInt64Array(buffer) };
    case 'int32':
      return integers(shape, new Int32Array(buffer));
    case 'int16':
      return integers(shape, new Int16Array(buffer));
    case 'int8':
      return integers(shape, new Int8Array(buffer));
    case 'uint8':
    case 'bool':
      return integers(shape, new Uint8Array(buffer));
  }
}

function integers(shape: readonly number[], values: Iterable<number> & ArrayLike<number>): StateTensor {
  return { dtype: 'int64', shape, data: BigInt64Array.from(values, BigInt) };
}

/** bfloat16 is the upper half of a float32. */
function fromBfloat16(halves: Uint16Array): Float32Array {
  const bits = Uint32Array.from(halves, (half) => half << 16);
  return new Float32Array(bits.buffer);
}
