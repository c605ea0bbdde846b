import { ImageFormatError } from '../errors.js';

/** What the IHDR chunk of a PNG says. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits per sample: 1, 2, 4, 8 or 16. */
  readonly depth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha. */
  readonly colourType: number;
  /** Samples per pixel as stored. */
  readonly channels: number;
  readonly interlaced: boolean;
}

/** A PNG split at its chunks: the header, and the file reduced to what its pixels need. */
export interface PngParts {
  readonly header: PngHeader;
  /** The compressed samples: all IDAT chunks in one. */
  readonly compressed: Uint8Array;
  /** A PNG of only IHDR, PLTE, IDAT and IEND, so that nothing else in the file is ever unpacked. */
  readonly essential: Uint8Array;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/** Whether the bytes start like a PNG. */
export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((value, i) => bytes[i] === value);
}

/** Reads the IHDR chunk alone. */
function readPngHeader(source: string, bytes: Uint8Array): PngHeader {
  if (bytes.length < 33) throw truncated(source, 'inside its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(8) !== 13 || chunkType(bytes, 12) !== 'IHDR') {
    throw damaged(source, 'the first chunk is no IHDR');
  }
  const depth = view.getUint8(24);
  const colourType = view.getUint8(25);
  const interlace = view.getUint8(28);
  const channels = CHANNELS[colourType];
  if (channels === undefined || DEPTHS[colourType]?.includes(depth) !== true) {
    throw damaged(source, `colour type ${colourType} with ${depth} bits does not exist`);
  }
  if (view.getUint8(26) !== 0 || view.getUint8(27) !== 0 || interlace > 1) {
    throw damaged(source, 'unknown compression, filter or interlace method');
  }
  return {
    width: view.getUint32(16),
    height: view.getUint32(20),
    depth,
    colourType,
    channels,
    interlaced: interlace === 1,
  };
}

/** Walks the chunks of a PNG, each checked to lie inside the file. Their checksums are left to the decoder. */
export function splitPng(source: string, bytes: Uint8Array): PngParts {
  const header = readPngHeader(source, bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept: Uint8Array[] = [bytes.subarray(0, SIGNATURE.length)];
  const data: Uint8Array[] = [];
  for (let offset = SIGNATURE.length, ended = false; !ended;) {
    if (offset + 12 > bytes.length) throw truncated(source, 'before its IEND chunk');
    const length = view.getUint32(offset);
    const type = chunkType(bytes, offset + 4);
    const next = offset + 12 + length;
    if (next > bytes.length) throw truncated(source, `inside a ${printable(type)} chunk`);
    if (type === 'IHDR' && offset !== SIGNATURE.length) throw damaged(source, 'a second IHDR chunk');
    if (['IHDR', 'PLTE', 'IDAT', 'IEND'].includes(type)) kept.push(bytes.subarray(offset, next));
    if (type === 'IDAT') data.push(bytes.subarray(offset + 8, next - 4));
    ended = type === 'IEND';
    offset = next;
  }
  return { header, compressed: concat(data), essential: concat(kept) };
}

/** Bytes of all scan lines with their filter bytes, of all seven passes where the image is interlaced. */
export function scanlineBytes({ width, height, depth, channels, interlaced }: PngHeader): number {
  const bytesOf = (w: number, h: number): number =>
    w === 0 || h === 0 ? 0 : h * (1 + Math.ceil((w * depth * channels) / 8));
  if (!interlaced) return bytesOf(width, height);
  const passes = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
  ] as const;
  const count = (size: number, start: number, step: number): number =>
    Math.max(0, Math.ceil((size - start) / step));
  return passes.reduce((sum, [x, y, dx, dy]) => sum + bytesOf(count(width, x, dx), count(height, y, dy)), 0);
}

function chunkType(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + 4));
}

function printable(type: string): string {
  return /^[A-Za-z]{4}$/.test(type) ? type : 'damaged';
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function truncated(source: string, where: string): ImageFormatError {
  return new ImageFormatError(
    'truncated',
    `${source}: the PNG ends ${where}`,
    'The file was cut off; copy or export it again.',
  );
}

function damaged(source: string, what: string): ImageFormatError {
  return new ImageFormatError(
    'corrupt',
    `${source}: damaged PNG, ${what}`,
    'Copy or export the file again; its bytes were changed on the way.',
  );
}
