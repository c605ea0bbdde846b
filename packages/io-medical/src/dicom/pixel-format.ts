import { ImageFormatError } from '../errors.js';
import { checkSize, type ReadLimits } from '../limits.js';
import type { Dataset } from './dataset.js';
import { damagedDicom, unsupportedDicom } from './dicom-errors.js';
import { TAG, tagName } from './tags.js';

/** What a pixel's samples mean. */
export type Photometric =
  | 'MONOCHROME1'
  | 'MONOCHROME2'
  | 'PALETTE COLOR'
  | 'RGB'
  | 'YBR_FULL'
  | 'YBR_FULL_422'
  | 'YBR_ICT'
  | 'YBR_RCT';

/** How a file's pixels are stored, checked. */
export interface PixelFormat {
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  readonly samples: 1 | 3;
  /** Whole numbers, or numbers in 32 or 64 bits with a point. */
  readonly kind: 'integer' | 'float';
  readonly bitsAllocated: 1 | 8 | 16 | 32 | 64;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  /** Samples of one colour together, instead of pixel by pixel. */
  readonly planar: boolean;
  readonly photometric: Photometric;
}

const PHOTOMETRIC: readonly string[] = [
  'MONOCHROME1',
  'MONOCHROME2',
  'PALETTE COLOR',
  'RGB',
  'YBR_FULL',
  'YBR_FULL_422',
  'YBR_ICT',
  'YBR_RCT',
] satisfies readonly Photometric[];

/** The tag under which the pixels are, if the file has any. */
export function pixelTag(dataset: Dataset): number | undefined {
  return [TAG.pixelData, TAG.floatPixelData, TAG.doubleFloatPixelData].find((tag) => dataset.has(tag));
}

/**
 * Reads and checks the description of the pixels.
 *
 * @throws {ImageFormatError} `no-image` for reports, plans and the like, `corrupt`, `unsupported`, `too-large`
 */
export function readPixelFormat(dataset: Dataset, limits: ReadLimits): PixelFormat {
  const { source } = dataset;
  const pixels = pixelTag(dataset);
  if (pixels === undefined) {
    throw new ImageFormatError(
      'no-image',
      `${source}: a DICOM object without pixels (such as a report or a plan)`,
      'Give the images of the examination.',
    );
  }
  const frames = dataset.decimal(TAG.numberOfFrames) ?? 1;
  const rows = required(dataset, TAG.rows);
  const columns = required(dataset, TAG.columns);
  const samples = dataset.word(TAG.samplesPerPixel) ?? 1;
  const bits = pixels === TAG.pixelData ? integerBits(dataset) : floatBits(pixels);
  const photometric = dataset.text(TAG.photometricInterpretation) ?? 'MONOCHROME2';
  if (!isPhotometric(photometric) || samples !== (isColour(photometric) ? 3 : 1)) {
    throw unsupportedDicom(
      source,
      `${samples} samples a pixel with this meaning in (0028,0004)`,
      'Read are grey, palette, RGB and YBR images.',
    );
  }
  if (!Number.isInteger(frames) || frames < 1)
    throw damagedDicom(source, 'no usable number of frames in (0028,0008)');
  if (frames > limits.maxFrames) {
    throw new ImageFormatError(
      'too-large',
      `${source}: ${frames} frames are more than the limit of ${limits.maxFrames}`,
      'If that is right, raise limits.maxFrames; otherwise the header is damaged.',
    );
  }
  checkSize(source, [columns, rows, frames], Math.max(1, bits.bitsAllocated / 8) * samples, limits);
  const planar = samples === 3 && dataset.word(TAG.planarConfiguration) === 1;
  return { rows, columns, frames, samples, planar, photometric, ...bits };
}

/** Whether pixels have three samples. */
export function isColour(photometric: Photometric): boolean {
  return photometric === 'RGB' || photometric.startsWith('YBR');
}

/** Bytes of one frame as it is stored without compression; a fraction for frames of single bits. */
export function frameBytes({ rows, columns, samples, bitsAllocated, photometric }: PixelFormat): number {
  const values = photometric === 'YBR_FULL_422' ? 2 : samples;
  return (rows * columns * values * bitsAllocated) / 8;
}

type Bits = Pick<PixelFormat, 'kind' | 'bitsAllocated' | 'bitsStored' | 'highBit' | 'signed'>;

function floatBits(tag: number): Bits {
  const bits = tag === TAG.floatPixelData ? 32 : 64;
  return { kind: 'float', bitsAllocated: bits, bitsStored: bits, highBit: bits - 1, signed: true };
}

function integerBits(dataset: Dataset): Bits {
  const { source } = dataset;
  const bitsAllocated = required(dataset, TAG.bitsAllocated);
  if (bitsAllocated !== 1 && bitsAllocated !== 8 && bitsAllocated !== 16 && bitsAllocated !== 32) {
    throw unsupportedDicom(
      source,
      `${bitsAllocated} bits a sample`,
      'Export it with 8 or 16 bits allocated.',
    );
  }
  const bitsStored = dataset.word(TAG.bitsStored) ?? bitsAllocated;
  const highBit = dataset.word(TAG.highBit) ?? bitsStored - 1;
  if (bitsStored < 1 || highBit < bitsStored - 1 || highBit >= bitsAllocated) {
    throw damagedDicom(
      source,
      `${bitsStored} bits up to bit ${highBit} do not fit ${bitsAllocated} (0028,0101 and 0028,0102)`,
    );
  }
  const signed = dataset.word(TAG.pixelRepresentation) === 1;
  return { kind: 'integer', bitsAllocated, bitsStored, highBit, signed };
}

function isPhotometric(text: string): text is Photometric {
  return PHOTOMETRIC.includes(text);
}

function required(dataset: Dataset, tag: number): number {
  const value = dataset.word(tag);
  if (value === undefined) throw damagedDicom(dataset.source, `it lacks ${tagName(tag)}`);
  return value;
}
