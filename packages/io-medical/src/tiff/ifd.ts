import { ImageFormatError } from '../errors.js';

/** The fields of one image file directory: numbers by tag. */
export type Ifd = ReadonlyMap<number, readonly number[]>;

/** The image file directories of a TIFF file, and how its numbers are written. */
export interface TiffStructure {
  readonly littleEndian: boolean;
  readonly ifds: readonly Ifd[];
}

/** Bytes of a value by its type: BYTE, SHORT, LONG. Other types (texts, fractions) are not asked for. */
const TYPE_BYTES: Readonly<Record<number, 1 | 2 | 4>> = { 1: 1, 3: 2, 4: 4 };
/** More values than any field that is asked for has: one offset for each row of the largest image. */
const MAX_VALUES = 2 ** 20;

/** Whether the bytes start like a TIFF file, BigTIFF included. */
export function isTiff(bytes: Uint8Array): boolean {
  const start = String.fromCharCode(...bytes.subarray(0, 4));
  return ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(start);
}

/**
 * Reads the directories; every offset and count is checked against the file before it is followed.
 *
 * @param maxPages refuse files with more directories
 * @throws {ImageFormatError} `corrupt`, `truncated`, `too-large`; `unsupported` for BigTIFF
 */
export function parseTiff(source: string, bytes: Uint8Array, maxPages: number): TiffStructure {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8) throw cutOff(source);
  const littleEndian = bytes[0] === 0x49;
  if (view.getUint16(2, littleEndian) !== 42) {
    throw new ImageFormatError(
      'unsupported',
      `${source}: a BigTIFF file, which is not read`,
      'Save it as an ordinary TIFF, which holds up to 4 GiB, or as NIfTI.',
    );
  }
  const ifds: Ifd[] = [];
  const seen = new Set<number>();
  for (let at = view.getUint32(4, littleEndian); at !== 0;) {
    if (seen.has(at)) throw damaged(source, 'its directories run in a circle');
    if (ifds.length === maxPages) {
      throw new ImageFormatError(
        'too-large',
        `${source}: more than ${maxPages} pages`,
        'If that is right, raise limits.maxSide; otherwise the file is damaged.',
      );
    }
    seen.add(at);
    const { ifd, next } = readIfd(source, view, at, littleEndian);
    ifds.push(ifd);
    at = next;
  }
  return { littleEndian, ifds };
}

function readIfd(
  source: string,
  view: DataView,
  at: number,
  littleEndian: boolean,
): { ifd: Ifd; next: number } {
  if (at + 2 > view.byteLength) throw cutOff(source);
  const entries = view.getUint16(at, littleEndian);
  const end = at + 2 + 12 * entries;
  if (end + 4 > view.byteLength) throw cutOff(source);
  const ifd = new Map<number, number[]>();
  for (let entry = at + 2; entry < end; entry += 12) {
    const size = TYPE_BYTES[view.getUint16(entry + 2, littleEndian)];
    if (size === undefined) continue;
    ifd.set(view.getUint16(entry, littleEndian), readValues(source, view, entry, size, littleEndian));
  }
  return { ifd, next: view.getUint32(end, littleEndian) };
}

function readValues(
  source: string,
  view: DataView,
  entry: number,
  size: 1 | 2 | 4,
  littleEndian: boolean,
): number[] {
  const count = view.getUint32(entry + 4, littleEndian);
  const start = count * size <= 4 ? entry + 8 : view.getUint32(entry + 8, littleEndian);
  if (start + count * size > view.byteLength) throw cutOff(source);
  if (count > MAX_VALUES) throw damaged(source, `a field of ${count} values`);
  return Array.from({ length: count }, (_, i) => {
    const offset = start + i * size;
    if (size === 1) return view.getUint8(offset);
    return size === 2 ? view.getUint16(offset, littleEndian) : view.getUint32(offset, littleEndian);
  });
}

function cutOff(source: string): ImageFormatError {
  return new ImageFormatError(
    'truncated',
    `${source}: the TIFF ends before what its directory points to`,
    'The file was cut off; copy or export it again.',
  );
}

/** The error for what no TIFF holds. */
export function damaged(source: string, what: string): ImageFormatError {
  return new ImageFormatError(
    'corrupt',
    `${source}: damaged TIFF, ${what}`,
    'Copy or export the file again; its bytes were changed on the way.',
  );
}
