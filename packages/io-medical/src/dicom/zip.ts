import { ImageFormatError } from '../errors.js';
import type { ReadLimits } from '../limits.js';

/** A file in an archive. */
export interface ZipEntry {
  readonly name: string;
  /** Bytes when unpacked, as the archive says. */
  readonly size: number;
  /** Unpacks it and checks its checksum. */
  load(): Promise<Uint8Array>;
}

const LOCAL_HEADER = 0x0403_4b50;
const DIRECTORY_ENTRY = 0x0201_4b50;
const DIRECTORY_END = 0x0605_4b50;
const DIRECTORY_END_BYTES = 22;
const MAX_COMMENT_BYTES = 65_535;
const STORED = 0;
const DEFLATED = 8;
/** Deflate shrinks nothing further than this. */
const MAX_RATIO = 1032;
const ENCRYPTED = 1;
const ZIP64 = 0xffff_ffff;

/** Whether bytes start like a ZIP archive. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/**
 * Lists the files of a ZIP archive. Nothing is unpacked, and names are for listings only: no path is ever made of one.
 *
 * @throws {ImageFormatError} `truncated`, `corrupt`, `too-large`; `unsupported` for encrypted, split and ZIP64 archives
 */
export function listZip(source: string, bytes: Uint8Array, limits: ReadLimits): readonly ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(source, view);
  const count = view.getUint16(end + 10, true);
  if (count > limits.maxFiles) throw tooLarge(source, `${count} files`, 'maxFiles');
  const entries: ZipEntry[] = [];
  let at = view.getUint32(end + 16, true);
  if (at === ZIP64) throw unsupported(source, 'a ZIP64 archive');
  let total = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== DIRECTORY_ENTRY) {
      throw damaged(source, 'its directory is cut off');
    }
    const nameEnd = at + 46 + view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, nameEnd));
    const size = view.getUint32(at + 24, true);
    if (!name.endsWith('/')) {
      total += size;
      if (total > limits.maxDecodedBytes) throw tooLarge(source, `${total} bytes or more`, 'maxDecodedBytes');
      const entry = at;
      entries.push({ name, size, load: () => unpack(source, bytes, view, entry) });
    }
    at = nameEnd + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

function findEnd(source: string, view: DataView): number {
  const last = view.byteLength - DIRECTORY_END_BYTES;
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT_BYTES); at--) {
    if (view.getUint32(at, true) === DIRECTORY_END) return at;
  }
  throw new ImageFormatError(
    'truncated',
    `${source}: a ZIP archive without an end`,
    'The file was cut off; copy or export it again.',
  );
}

async function unpack(source: string, bytes: Uint8Array, view: DataView, entry: number): Promise<Uint8Array> {
  const flags = view.getUint16(entry + 8, true);
  const method = view.getUint16(entry + 10, true);
  const checksum = view.getUint32(entry + 16, true);
  const packedSize = view.getUint32(entry + 20, true);
  const size = view.getUint32(entry + 24, true);
  const local = view.getUint32(entry + 42, true);
  if ((flags & ENCRYPTED) !== 0) throw unsupported(source, 'an encrypted ZIP archive');
  if (method !== STORED && method !== DEFLATED)
    throw unsupported(source, `a ZIP archive with method ${method}`);
  if (local + 30 > bytes.length || view.getUint32(local, true) !== LOCAL_HEADER) {
    throw damaged(source, 'a file is not where its directory says');
  }
  const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  const packed = bytes.subarray(start, start + packedSize);
  if (packed.length < packedSize || size > MAX_RATIO * packedSize) {
    throw damaged(source, 'a file has another size than its directory says');
  }
  const content = method === STORED ? packed : await inflateEntry(source, packed, size);
  if (content.length !== size || crc32(content) !== checksum) {
    throw damaged(source, 'a file does not match its checksum');
  }
  return content;
}

async function inflateEntry(source: string, packed: Uint8Array, size: number): Promise<Uint8Array> {
  const { inflateSync } = await import('fflate');
  try {
    return inflateSync(packed, { out: new Uint8Array(size) });
  } catch (cause) {
    throw damaged(source, 'a file cannot be unpacked', cause);
  }
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb8_8320 : crc >>> 1;
  return crc;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (let i = 0; i < bytes.length; i++) {
    crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ (bytes[i] ?? 0)) & 0xff] ?? 0);
  }
  return ~crc >>> 0;
}

function damaged(source: string, what: string, cause?: unknown): ImageFormatError {
  return new ImageFormatError(
    'corrupt',
    `${source}: damaged ZIP archive, ${what}`,
    'Copy or download the archive again.',
    cause === undefined ? undefined : { cause },
  );
}

function unsupported(source: string, what: string): ImageFormatError {
  return new ImageFormatError(
    'unsupported',
    `${source}: ${what}, which is not read`,
    'Unpack it and give the folder.',
  );
}

function tooLarge(source: string, what: string, limit: string): ImageFormatError {
  return new ImageFormatError(
    'too-large',
    `${source}: a ZIP archive of ${what}`,
    `If that is right, raise limits.${limit}; otherwise the archive is damaged or made to do harm.`,
  );
}
