import { createStored, decodeStored } from '../stored-voxels.js';
import type { VoxelArray } from '../volume.js';
import { damaged } from './ifd.js';
import type { TiffPage } from './page.js';
import { unpackPiece } from './unpack.js';

/** What a page's pieces are read from. */
interface PageFile {
  readonly source: string;
  readonly bytes: Uint8Array;
  readonly littleEndian: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The samples of a page, the channels of a pixel together, as stored: palette indices stay indices, and white may be zero.
 *
 * @throws {ImageFormatError} `corrupt`, `truncated`
 */
export async function decodePage(file: PageFile, page: TiffPage): Promise<VoxelArray> {
  const { width, height, channels, piece, isPlanar } = page;
  const across = Math.ceil(width / piece.width);
  const down = Math.ceil(height / piece.height);
  const planes = isPlanar ? channels : 1;
  if (page.offsets.length < across * down * planes)
    throw damaged(file.source, 'a page with too few strips or tiles');
  const samples = createStored(page.type, width * height * channels);
  for (let plane = 0, i = 0; plane < planes; plane++) {
    for (let y = 0; y < height; y += piece.height) {
      for (let x = 0; x < width; x += piece.width, i++) {
        // One after the other: each unpacks to a limit of its own, and only one is held at a time.
        const values = await decodePiece(file, page, i, height - y);
        placePiece(samples, page, values, { x, y, plane });
      }
    }
  }
  return samples;
}

/** The samples of one strip or tile. A strip ends where the page does; a tile is always whole. */
async function decodePiece(
  { source, bytes, littleEndian, signal }: PageFile,
  { piece, width, channels, isPlanar, bits, type, compression, isDifferenced, offsets, byteCounts }: TiffPage,
  index: number,
  rowsLeft: number,
): Promise<VoxelArray> {
  const start = offsets[index] ?? 0;
  const end = start + (byteCounts[index] ?? 0);
  if (end > bytes.length) throw damaged(source, 'a strip that lies behind the end of the file');
  const rows = piece.width === width ? Math.min(piece.height, rowsLeft) : piece.height;
  const rowSamples = piece.width * (isPlanar ? 1 : channels);
  const rowBytes = Math.ceil((rowSamples * bits) / 8);
  const packed = bytes.subarray(start, end);
  const unpacked = await unpackPiece(source, packed, { compression, size: rows * rowBytes, signal });
  if (bits < 8) return spreadBits(unpacked, rowSamples, rows, bits);
  const owned = compression !== 'none';
  const values = decodeStored(unpacked, { type, littleEndian, owned });
  if (isDifferenced) addUp(values, rowSamples, isPlanar ? 1 : channels);
  return values;
}

/** Samples of 1, 2 or 4 bits, packed high bits first and padded at the end of each row, one per byte. */
function spreadBits(packed: Uint8Array, rowSamples: number, rows: number, bits: number): Uint8Array {
  const samples = new Uint8Array(rowSamples * rows);
  const rowBytes = Math.ceil((rowSamples * bits) / 8);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let x = 0; x < rowSamples; x++, i++) {
      const bit = x * bits;
      samples[i] = ((packed[row * rowBytes + (bit >> 3)] ?? 0) >> (8 - bits - (bit & 7))) & (2 ** bits - 1);
    }
  }
  return samples;
}

/** Turns differences to the left neighbour back into values; typed arrays wrap round as the format wants it. */
function addUp(values: VoxelArray, rowSamples: number, channels: number): void {
  for (let row = 0; row < values.length; row += rowSamples) {
    for (let i = row + channels; i < row + rowSamples; i++) {
      values[i] = (values[i] ?? 0) + (values[i - channels] ?? 0);
    }
  }
}

function placePiece(
  samples: VoxelArray,
  { width, height, channels, isPlanar, piece }: TiffPage,
  values: VoxelArray,
  { x, y, plane }: { x: number; y: number; plane: number },
): void {
  const columns = Math.min(piece.width, width - x);
  const rows = Math.min(piece.height, height - y);
  const step = isPlanar ? 1 : channels;
  for (let row = 0; row < rows; row++) {
    const from = row * piece.width * step;
    const to = ((y + row) * width + x) * channels + plane;
    if (!isPlanar) {
      samples.set(values.subarray(from, from + columns * step), to);
      continue;
    }
    for (let i = 0; i < columns; i++) samples[to + i * channels] = values[from + i] ?? 0;
  }
}
