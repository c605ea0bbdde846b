import { ImageFormatError } from '../errors.js';
import { createStored, type StoredType } from '../stored-voxels.js';
import type { VoxelArray } from '../volume.js';

/**
 * Voxels that are written out as text, with white space or commas between them.
 *
 * @throws {ImageFormatError} `truncated` where there are fewer than `count`, `corrupt` for what is no number
 */
export function parseTextVoxels(
  source: string,
  bytes: Uint8Array,
  count: number,
  type: StoredType,
): VoxelArray {
  // Each number takes a digit and a separator: this is known before room is made for them.
  if (bytes.length + 1 < 2 * count) throw tooFew(source, Math.ceil(bytes.length / 2), count);
  const voxels = createStored(type, count);
  const isWhole = !type.startsWith('float');
  let found = 0;
  for (let at = 0; at < bytes.length && found < count;) {
    let end = at;
    while (end < bytes.length && !isSeparator(bytes[end] ?? 0)) end++;
    if (end > at) {
      const text = String.fromCharCode(...bytes.subarray(at, Math.min(end, at + 64)));
      const value = /^[+-]?nan$/i.test(text) ? NaN : Number(text.replace(/inf(inity)?$/i, 'Infinity'));
      if ((Number.isNaN(value) && !/nan$/i.test(text)) || (isWhole && !Number.isInteger(value))) {
        throw new ImageFormatError(
          'corrupt',
          `${source}: voxel ${found} is no number of the type ${type}`,
          'The file is damaged; export it again from its source.',
        );
      }
      voxels[found++] = value;
    }
    at = end + 1;
  }
  if (found < count) throw tooFew(source, found, count);
  return voxels;
}

function isSeparator(byte: number): boolean {
  return byte <= 32 || byte === 44;
}

function tooFew(source: string, present: number, needed: number): ImageFormatError {
  return new ImageFormatError(
    'truncated',
    `${source}: holds at most ${present} of ${needed} voxels`,
    'The file was cut off; copy or export it again.',
  );
}
