import { ImageFormatError } from '../errors.js';

/** What the frame header (SOF) of a JPEG says. */
export interface JpegHeader {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 3 colour. */
  readonly components: 1 | 3;
}

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
/** Start-of-frame markers of the processes that libjpeg-turbo decodes: baseline, extended, progressive Huffman. */
const DECODABLE_FRAMES = [0xc0, 0xc1, 0xc2];
/** 0xc4, 0xc8 and 0xcc lie between the start-of-frame markers but mean something else. */
const NO_FRAMES = [0xc4, 0xc8, 0xcc];

/**
 * A file cannot hold more pixels than this per byte of its own: a block of 64 costs at least two bits in a baseline
 * scan, and one bit in the first scan of a progressive file.
 */
const MAX_PIXELS_PER_BYTE = 1024;

/** Whether the bytes start like a JPEG. */
export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === SOI && bytes[2] === 0xff;
}

/**
 * Reads the frame header and checks that the file runs to its end marker.
 *
 * @throws {ImageFormatError} `truncated`, `corrupt`, or `unsupported` for lossless, arithmetic, 12-bit and CMYK files
 */
export function readJpegHeader(source: string, bytes: Uint8Array): JpegHeader {
  let header: JpegHeader | undefined;
  for (let offset = 2; ;) {
    offset = nextMarker(source, bytes, offset);
    const marker = bytes[offset - 1] ?? 0;
    if (marker === EOI) break;
    if (hasNoLength(marker)) continue;
    const length = uint16(bytes, offset);
    if (length === undefined || offset + length > bytes.length) throw truncated(source);
    if (length < 2) throw damaged(source, 'a segment without a length');
    if (marker >= 0xc0 && marker <= 0xcf && !NO_FRAMES.includes(marker)) {
      if (header !== undefined) throw damaged(source, 'a second frame header');
      header = frameHeader(source, bytes, offset, length, marker);
    }
    if (marker === SOS && header === undefined) throw damaged(source, 'a scan before the frame header');
    offset += length;
  }
  if (header === undefined) throw damaged(source, 'no frame header');
  if (header.width * header.height > bytes.length * MAX_PIXELS_PER_BYTE) throw truncated(source);
  return header;
}

function frameHeader(
  source: string,
  bytes: Uint8Array,
  offset: number,
  length: number,
  marker: number,
): JpegHeader {
  const precision = bytes[offset + 2] ?? 0;
  const components = bytes[offset + 7] ?? 0;
  if (length < 8 || length !== 8 + 3 * components)
    throw damaged(source, 'a frame header of the wrong length');
  if (!DECODABLE_FRAMES.includes(marker) || precision !== 8 || (components !== 1 && components !== 3)) {
    const process = DECODABLE_FRAMES.includes(marker) ? 'Huffman' : `process ${marker - 0xc0}`;
    throw new ImageFormatError(
      'unsupported',
      `${source}: a JPEG of ${precision} bits with ${components} components (${process})`,
      'Read are 8-bit grey and RGB files, baseline or progressive. Save it as one of these, or as PNG.',
    );
  }
  return { width: uint16(bytes, offset + 5) ?? 0, height: uint16(bytes, offset + 3) ?? 0, components };
}

/** Offset just behind the next marker. Bytes of a scan, stuffed zeros and restart markers are passed over. */
function nextMarker(source: string, bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next === undefined) break;
    if (next !== 0x00 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at + 2;
  }
  throw truncated(source);
}

function hasNoLength(marker: number): boolean {
  return marker === SOI || marker === 0x01;
}

function uint16(bytes: Uint8Array, offset: number): number | undefined {
  const low = bytes[offset + 1];
  return low === undefined ? undefined : ((bytes[offset] ?? 0) << 8) | low;
}

function truncated(source: string): ImageFormatError {
  return new ImageFormatError(
    'truncated',
    `${source}: the JPEG ends before its image does`,
    'The file was cut off; copy or export it again.',
  );
}

function damaged(source: string, what: string): ImageFormatError {
  return new ImageFormatError(
    'corrupt',
    `${source}: damaged JPEG, ${what}`,
    'Copy or export the file again; its bytes were changed on the way.',
  );
}
