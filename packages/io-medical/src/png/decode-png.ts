import { decode } from 'fast-png';
import { ImageFormatError } from '../errors.js';
import { inflate } from '../inflate.js';
import { checkSize, type ReadLimits } from '../limits.js';
import { type PngHeader, scanlineBytes, splitPng } from './chunks.js';
import type { Raster } from '../raster.js';

/** Extra bytes after the last scan line that are put down to a careless encoder. */
const TRAILING_BYTES = 65_536;

/**
 * Decodes a PNG: 1 to 16 bits, grey, RGB or palette, with or without alpha. Checksums are checked.
 *
 * @throws {ImageFormatError} `truncated`, `corrupt`, `too-large`; `unsupported` for interlaced 1 to 4 bit images
 */
export async function decodePng(source: string, bytes: Uint8Array, limits: ReadLimits): Promise<Raster> {
  const { header, compressed, essential } = splitPng(source, bytes);
  const { width, height, depth, channels } = header;
  checkSize(source, [width, height], channels * (depth === 16 ? 2 : 1), limits);
  if (header.interlaced && depth < 8) {
    throw new ImageFormatError(
      'unsupported',
      `${source}: an interlaced PNG of ${depth} bits a sample`,
      'Save it again without interlacing (Adam7), or with 8 bits.',
    );
  }
  await checkInflatedSize(source, compressed, scanlineBytes(header));
  let png: ReturnType<typeof decode>;
  try {
    png = decode(essential, { checkCrc: true });
  } catch (cause) {
    throw new ImageFormatError(
      'corrupt',
      `${source}: damaged PNG (${cause instanceof Error ? cause.message : String(cause)})`,
      'Copy or export the file again; its bytes were changed on the way.',
      { cause },
    );
  }
  return toRaster(source, header, png.data, png.palette);
}

/** Refuses a stream that holds fewer scan lines than promised, or many more (a decompression bomb). */
async function checkInflatedSize(source: string, compressed: Uint8Array, expected: number): Promise<void> {
  let size = 0;
  for await (const piece of inflate(source, compressed, 'deflate')) {
    size += piece.length;
    if (size > expected + TRAILING_BYTES) break;
  }
  if (size < expected || size > expected + TRAILING_BYTES) {
    throw new ImageFormatError(
      size < expected ? 'truncated' : 'corrupt',
      `${source}: the PNG holds ${size < expected ? 'fewer' : 'more'} pixels than its header says`,
      'Copy or export the file again; it was cut off or changed on the way.',
    );
  }
}

function toRaster(
  source: string,
  header: PngHeader,
  stored: ArrayLike<number>,
  palette: number[][] | undefined,
): Raster {
  const { width, height, depth, colourType, channels } = header;
  const size = { width, height };
  if (colourType === 3) {
    const indices = unpack(stored, width, height, depth);
    return {
      ...size,
      maximum: 255,
      channels: 3,
      data: applyPalette(source, indices, palette),
      indices,
      notes: [],
    };
  }
  if (depth < 8) {
    const data = unpack(stored, width, height, depth);
    const stretch = 255 / (2 ** depth - 1);
    for (let i = 0; i < data.length; i++) data[i] = (data[i] ?? 0) * stretch;
    return { ...size, maximum: 255, channels: 1, data, notes: [] };
  }
  const colours = channels < 3 ? 1 : 3;
  const notes = channels === colours ? [] : ['the alpha channel is left out'];
  const data = dropAlpha(stored, width * height, channels, colours, depth);
  return { ...size, maximum: depth === 16 ? 65535 : 255, channels: colours, data, notes };
}

/** Samples of 1, 2 or 4 bits, packed high bits first and padded at the end of each row, one per byte. */
function unpack(packed: ArrayLike<number>, width: number, height: number, depth: number): Uint8Array {
  const samples = new Uint8Array(width * height);
  const rowBytes = Math.ceil((width * depth) / 8);
  const mask = 2 ** depth - 1;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const bit = x * depth;
      samples[i] = ((packed[y * rowBytes + (bit >> 3)] ?? 0) >> (8 - depth - (bit & 7))) & mask;
    }
  }
  return samples;
}

function applyPalette(source: string, indices: Uint8Array, palette: number[][] | undefined): Uint8Array {
  const pixels = new Uint8Array(indices.length * 3);
  indices.forEach((index, i) => {
    const colour = palette?.[index];
    if (colour === undefined) {
      throw new ImageFormatError(
        'corrupt',
        `${source}: a pixel uses palette entry ${index}, which the PNG does not have`,
        'Save the image again, best as 8-bit grey.',
      );
    }
    pixels.set(colour.slice(0, 3), i * 3);
  });
  return pixels;
}

function dropAlpha(
  stored: ArrayLike<number>,
  pixels: number,
  from: number,
  to: number,
  depth: number,
): Uint8Array | Uint16Array {
  const data = depth === 16 ? new Uint16Array(pixels * to) : new Uint8Array(pixels * to);
  for (let i = 0; i < pixels; i++) {
    for (let c = 0; c < to; c++) data[i * to + c] = stored[i * from + c] ?? 0;
  }
  return data;
}
