import { WeightsError } from '../../errors.js';
import { damagedPickle } from './pickle-error.js';
import { ITEM_BYTES, isKind, type PickleValue, type StorageDtype } from './pickle-values.js';
import type { Storages } from './tensors.js';
import { unpickle } from './unpickle.js';

/** The number that legacy files begin with, 0x1950a86a20f9469cfc6c, as it stands in a pickle: opcode, length, bytes. */
const MAGIC = '8a0a6cfc9c46f9206aa85019';
const PROTOCOL = 1001;

/** Whether these bytes begin as `torch.save` did before PyTorch 1.6. */
export function isLegacyFile(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x80) return false;
  const start = Array.from(bytes.subarray(0, 32), (byte) => byte.toString(16).padStart(2, '0'));
  return start.join('').includes(MAGIC);
}

/**
 * Takes a legacy file apart: five pickles (magic number, version, sizes of C types, the object, keys of the storages),
 * then each storage as the count of its elements, 8 bytes, and the elements, always little endian.
 *
 * @throws {WeightsError} as `unpickle`, and `truncated-file`
 */
export function readLegacyFile(bytes: Uint8Array): { root: PickleValue; storages: Storages } {
  const version = unpickle(bytes, unpickle(bytes).end);
  if (version.value !== PROTOCOL) throw damagedPickle('it is of an unknown version of the legacy format');
  const system = unpickle(bytes, version.end);
  const root = unpickle(bytes, system.end);
  const keys = unpickle(bytes, root.end);
  if (!Array.isArray(keys.value) || !keys.value.every((key) => typeof key === 'string')) {
    throw damagedPickle('the list of its storages is broken');
  }
  return { root: root.value, storages: readStorages(bytes, keys.end, keys.value, dtypesOf(root.value)) };
}

/** Element types of all storages in reach of an object; each part of it is visited once, however often it is referred to. */
function dtypesOf(root: PickleValue): Map<string, StorageDtype> {
  const dtypes = new Map<string, StorageDtype>();
  const seen = new Set<PickleValue>();
  const open: PickleValue[] = [root];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    const storage = isKind(value, 'tensor') ? value.storage : isKind(value, 'storage') ? value : undefined;
    if (storage?.dtype !== undefined) dtypes.set(storage.key, storage.dtype);
    if (!(value instanceof Map || Array.isArray(value)) || seen.has(value)) continue;
    seen.add(value);
    if (value instanceof Map) for (const [key, item] of value) open.push(key, item);
    else for (const item of value) open.push(item);
  }
  return dtypes;
}

function readStorages(
  bytes: Uint8Array,
  start: number,
  keys: readonly string[],
  dtypes: ReadonlyMap<string, StorageDtype>,
): Storages {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const places = new Map<string, Uint8Array>();
  let at = start;
  for (const key of keys) {
    const dtype = dtypes.get(key);
    if (dtype === undefined) throw damagedPickle('one of its storages belongs to nothing');
    const size = at + 8 <= bytes.length ? Number(view.getBigInt64(at, true)) * ITEM_BYTES[dtype] : Infinity;
    if (size < 0 || size > bytes.length - at - 8) {
      throw new WeightsError(
        'truncated-file',
        `PyTorch checkpoint: a storage of ${size} bytes is to lie at byte ${at}, the file has ${bytes.length}`,
        'The file is incomplete. Fetch or write it again.',
      );
    }
    places.set(key, bytes.subarray(at + 8, at + 8 + size));
    at += 8 + size;
  }
  return { bytes: (key) => places.get(key), littleEndian: true };
}
