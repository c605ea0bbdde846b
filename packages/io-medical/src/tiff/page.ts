import { ImageFormatError } from '../errors.js';
import type { StoredType } from '../stored-voxels.js';
import { damaged, type Ifd } from './ifd.js';

/** How a page's samples are packed. */
export type TiffCompression = 'none' | 'lzw' | 'deflate' | 'packbits';

/** One page, as its directory describes it. */
export interface TiffPage {
  readonly width: number;
  readonly height: number;
  /** Samples per pixel as stored. */
  readonly channels: number;
  /** Bits per sample. Samples of fewer than eight are whole numbers without a sign. */
  readonly bits: number;
  /** Type of samples of eight bits and more. */
  readonly type: StoredType;
  readonly photometric: 'white-is-zero' | 'black-is-zero' | 'rgb' | 'palette';
  /** Red, green and blue of each palette entry, 0..255; empty without a palette. */
  readonly palette: readonly (readonly [number, number, number])[];
  readonly compression: TiffCompression;
  /** Whether each sample is stored as the difference to its left neighbour. */
  readonly isDifferenced: boolean;
  /** Whether each channel is stored on its own. */
  readonly isPlanar: boolean;
  /** Size of the pieces that the page is stored in: tiles, or strips as wide as the page. */
  readonly piece: { readonly width: number; readonly height: number };
  readonly offsets: readonly number[];
  readonly byteCounts: readonly number[];
}

const TAG = {
  subfile: 254,
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  stripOffsets: 273,
  orientation: 274,
  channels: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  planar: 284,
  predictor: 317,
  colourMap: 320,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileByteCounts: 325,
  sampleFormat: 339,
} as const;

const COMPRESSIONS: Readonly<Record<number, TiffCompression>> = {
  1: 'none',
  5: 'lzw',
  8: 'deflate',
  32_773: 'packbits',
  32_946: 'deflate',
};
const PHOTOMETRICS = ['white-is-zero', 'black-is-zero', 'rgb', 'palette'] as const;
/** By sample format (1 unsigned, 2 signed, 3 real) and bits. */
const TYPES: Readonly<Record<string, StoredType>> = {
  '1/8': 'uint8',
  '1/16': 'uint16',
  '1/32': 'uint32',
  '2/8': 'int8',
  '2/16': 'int16',
  '2/32': 'int32',
  '3/32': 'float32',
  '3/64': 'float64',
};

/** Whether a directory is that of a smaller copy of another page. */
export function isReducedCopy(ifd: Ifd): boolean {
  return ((ifd.get(TAG.subfile)?.[0] ?? 0) & 1) === 1;
}

/**
 * What a directory says about its page.
 *
 * @throws {ImageFormatError} `corrupt`; `unsupported` for kinds of TIFF that are not read
 */
export function describePage(source: string, ifd: Ifd): TiffPage {
  const field = (tag: number, fallback: number): number => ifd.get(tag)?.[0] ?? fallback;
  const width = field(TAG.width, 0);
  const height = field(TAG.height, 0);
  const channels = field(TAG.channels, 1);
  const bits = field(TAG.bits, 1);
  if (ifd.get(TAG.bits)?.some((other) => other !== bits) === true)
    throw unsupported(source, 'of mixed bit depths');
  const format = field(TAG.sampleFormat, 1);
  const type = bits < 8 && [1, 2, 4].includes(bits) && format === 1 ? 'uint8' : TYPES[`${format}/${bits}`];
  if (type === undefined) throw unsupported(source, `of ${bits} bits in the sample format ${format}`);
  const photometric = PHOTOMETRICS[field(TAG.photometric, 1)];
  if (photometric === undefined)
    throw unsupported(source, 'of a colour space other than grey, RGB and palette');
  if (field(TAG.orientation, 1) !== 1) throw unsupported(source, 'whose rows do not run from the top left');
  const compression = COMPRESSIONS[field(TAG.compression, 1)];
  if (compression === undefined) {
    throw unsupported(source, `packed by the method ${field(TAG.compression, 1)}`);
  }
  const predictor = field(TAG.predictor, 1);
  if (predictor !== 1 && (predictor !== 2 || bits < 8 || format === 3)) {
    throw unsupported(source, `with the predictor ${predictor} on ${bits} bits`);
  }
  return {
    width,
    height,
    channels,
    bits,
    type,
    photometric,
    palette: photometric === 'palette' ? paletteOf(source, ifd.get(TAG.colourMap), bits) : [],
    compression,
    isDifferenced: predictor === 2,
    isPlanar: channels > 1 && field(TAG.planar, 1) === 2,
    ...pieces(source, ifd, { width, height }),
  };
}

function pieces(
  source: string,
  ifd: Ifd,
  { width, height }: { width: number; height: number },
): Pick<TiffPage, 'piece' | 'offsets' | 'byteCounts'> {
  const tileWidth = ifd.get(TAG.tileWidth)?.[0];
  const tileHeight = ifd.get(TAG.tileHeight)?.[0];
  const isTiled = tileWidth !== undefined && tileHeight !== undefined;
  const offsets = ifd.get(isTiled ? TAG.tileOffsets : TAG.stripOffsets) ?? [];
  const byteCounts = ifd.get(isTiled ? TAG.tileByteCounts : TAG.stripByteCounts) ?? [];
  const piece = isTiled
    ? { width: tileWidth, height: tileHeight }
    : { width, height: Math.min(height, ifd.get(TAG.rowsPerStrip)?.[0] ?? height) };
  if (piece.width < 1 || piece.height < 1) throw damaged(source, 'it is cut into pieces without a size');
  if (offsets.length === 0 || offsets.length !== byteCounts.length)
    throw damaged(source, 'a page without pixels');
  return { piece, offsets, byteCounts };
}

/** A colour map has all reds, then all greens, then all blues, in 16 bits. */
function paletteOf(
  source: string,
  map: readonly number[] | undefined,
  bits: number,
): [number, number, number][] {
  const colours = 2 ** bits;
  if (bits > 8 || map?.length !== 3 * colours) throw damaged(source, 'a palette that does not fit');
  const at = (i: number): number => (map[i] ?? 0) >> 8;
  return Array.from({ length: colours }, (_, i) => [at(i), at(colours + i), at(2 * colours + i)]);
}

function unsupported(source: string, what: string): ImageFormatError {
  return new ImageFormatError(
    'unsupported',
    `${source}: a TIFF file ${what}, which is not read`,
    'Save it as grey or RGB with 8, 16 or 32 bits, plain or packed with LZW or deflate.',
  );
}
