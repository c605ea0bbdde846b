import { diagonalAffine } from '../affine.js';
import { ImageFormatError } from '../errors.js';
import { judgeVoxels } from '../judge-voxels.js';
import { checkSize, type ReadLimits, resolveLimits } from '../limits.js';
import { lumaOfPixels } from '../luma.js';
import { highBytes, type Raster } from '../raster.js';
import type { ReadOptions } from '../read-options.js';
import type { Source } from '../source/source.js';
import { bytesOf } from '../stored-voxels.js';
import type { Volume, VoxelArray } from '../volume.js';
import { decodePage } from './decode-page.js';
import { damaged, parseTiff } from './ifd.js';
import { describePage, isReducedCopy, type TiffPage } from './page.js';
import { MAX_UNPACKING } from './unpack.js';

/**
 * Reads a TIFF: pages of equal size and type are the slices of a volume. Whole numbers of 1 to 32 bits, signed or not, and
 * real numbers of 32 and 64; strips and tiles; plain, LZW, deflate and PackBits. Colour becomes luma, with a warning.
 *
 * @throws {ImageFormatError} `truncated`, `corrupt`, `too-large`; `unsupported` for BigTIFF, other packings and colours
 */
export async function readTiff(file: Source, options: ReadOptions): Promise<Volume> {
  const source = file.name;
  const { pages, littleEndian } = describe(file, resolveLimits(options.limits));
  const [first] = pages;
  const slices: VoxelArray[] = [];
  for (const page of pages) {
    const samples = await decodePage(
      { source, bytes: file.bytes, littleEndian, signal: options.signal },
      page,
    );
    slices.push(greyOf(source, page, samples));
  }
  const voxels = joinSlices(slices);
  const isPicture = voxels instanceof Uint8Array || voxels instanceof Uint16Array;
  const judged = judgeVoxels(
    source,
    voxels,
    isPicture ? { ...options, unit: options.unit ?? 'grey' } : options,
  );
  const isColour = first.photometric === 'rgb' || first.photometric === 'palette';
  return {
    voxels,
    dims: [first.width, first.height, pages.length],
    // Columns run to the patient's left and rows to the back, the way a radiologist looks at a slice.
    affine: diagonalAffine([-1, -1, 1]),
    calibrated: false,
    unit: judged.unit,
    format: 'tiff',
    source,
    assumed: pages.length > 1 ? ['pages run from feet to head'] : [],
    warnings: [
      ...(isColour ? [`${source}: a colour image; its luma is used (CT slices are grey)`] : []),
      ...judged.warnings,
    ],
  };
}

/**
 * The one page of a TIFF as a picture of 8 or 16 bits.
 *
 * @throws {ImageFormatError} as {@link readTiff}; `unsupported` for several pages and for other samples
 */
export async function decodeTiff(file: Source, options: ReadOptions): Promise<Raster> {
  const source = file.name;
  const { pages, littleEndian } = describe(file, resolveLimits(options.limits));
  const [page] = pages;
  if (pages.length > 1 || (page.type !== 'uint8' && page.type !== 'uint16')) {
    throw new ImageFormatError(
      'unsupported',
      `${source}: a TIFF of ${pages.length} pages of ${page.type} where a picture of 8 or 16 bits is needed`,
      'Read it with readImage, or save the slice as PNG.',
    );
  }
  const samples = await decodePage({ source, bytes: file.bytes, littleEndian, signal: options.signal }, page);
  const { width, height } = page;
  const indices = page.photometric === 'palette' ? { indices: Uint8Array.from(samples) } : {};
  const data = page.photometric === 'rgb' ? dropAlpha(samples, page.channels) : greyOf(source, page, samples);
  return {
    width,
    height,
    maximum: page.type === 'uint16' ? 65_535 : 255,
    channels: page.photometric === 'rgb' ? 3 : 1,
    data: data as Uint8Array | Uint16Array,
    ...indices,
    notes: [],
  };
}

function describe(
  { name, bytes }: Source,
  limits: ReadLimits,
): { pages: readonly [TiffPage, ...TiffPage[]]; littleEndian: boolean } {
  const { ifds, littleEndian } = parseTiff(name, bytes, limits.maxSide);
  const pages = ifds.filter((ifd) => !isReducedCopy(ifd)).map((ifd) => describePage(name, ifd));
  const [first, ...others] = pages;
  if (first === undefined) throw damaged(name, 'it has no page');
  const isAlike = (page: TiffPage): boolean =>
    (['width', 'height', 'channels', 'type', 'photometric', 'bits'] as const).every(
      (key) => page[key] === first[key],
    );
  if (!others.every(isAlike)) {
    throw new ImageFormatError(
      'unsupported',
      `${name}: a TIFF whose pages differ in size or type and make no volume`,
      'Save the pages that belong together as a file of their own.',
    );
  }
  const { width, height, channels, type } = first;
  checkSize(name, [width, height, pages.length], channels * bytesOf(type), limits);
  const most = bytes.length * Math.max(...pages.map((page) => MAX_UNPACKING[page.compression]));
  if (width * height * channels * Math.floor((first.bits + 7) / 8) > 8 * most) {
    throw damaged(name, `${width} x ${height} pixels that the file is too small to hold`);
  }
  return { pages: [first, ...others], littleEndian };
}

/** Grey values of a page: 1 to 4 bits stretched to 0..255, black at 0, colour as luma. */
function greyOf(source: string, page: TiffPage, samples: VoxelArray): VoxelArray {
  const { bits, channels, photometric, palette, type } = page;
  if (photometric === 'palette') return lumaOfPixels(colours(source, samples, palette), 3);
  if (photometric === 'rgb') return lumaOfRgb(source, page, samples);
  const grey = channels === 1 ? samples : everyNth(samples, channels);
  if (bits < 8) for (let i = 0; i < grey.length; i++) grey[i] = ((grey[i] ?? 0) * 255) / (2 ** bits - 1);
  if (photometric === 'white-is-zero' && type.startsWith('uint')) {
    const white = 2 ** Math.max(8, bits) - 1;
    for (let i = 0; i < grey.length; i++) grey[i] = white - (grey[i] ?? 0);
  }
  return grey;
}

function lumaOfRgb(source: string, { channels, type }: TiffPage, samples: VoxelArray): Uint8Array {
  if (channels < 3) throw damaged(source, 'colour of fewer than three channels');
  if (samples instanceof Uint8Array) return lumaOfPixels(samples, channels);
  if (samples instanceof Uint16Array) return lumaOfPixels(highBytes(samples), channels);
  throw new ImageFormatError(
    'unsupported',
    `${source}: a TIFF of colour in ${type}, which is not read`,
    'Save it as grey, or as RGB with 8 bits.',
  );
}

function colours(source: string, indices: VoxelArray, palette: TiffPage['palette']): Uint8Array {
  const pixels = new Uint8Array(indices.length * 3);
  indices.forEach((index, i) => {
    const colour = palette[index];
    if (colour === undefined) throw damaged(source, 'a pixel outside the palette');
    pixels.set(colour, i * 3);
  });
  return pixels;
}

function dropAlpha(samples: VoxelArray, channels: number): VoxelArray {
  return channels === 3 ? samples : samples.filter((_, i) => i % channels < 3);
}

function everyNth(samples: VoxelArray, n: number): VoxelArray {
  return samples.filter((_, i) => i % n === 0);
}

function joinSlices(slices: readonly VoxelArray[]): VoxelArray {
  const [first] = slices;
  if (first === undefined || slices.length === 1) return first ?? new Uint8Array(0);
  const Constructor = first.constructor as new (length: number) => VoxelArray;
  const voxels = new Constructor(first.length * slices.length);
  slices.forEach((slice, z) => {
    voxels.set(slice, z * first.length);
  });
  return voxels;
}
