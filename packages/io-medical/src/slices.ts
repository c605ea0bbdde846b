import { displayFrame, putSlice, takeSlice } from './display-frame.js';
import { ImageFormatError } from './errors.js';
import { resizeBilinear } from './resize.js';
import type { GreyImage, ImageFormat, Volume } from './volume.js';
import { resolveWindow, type Window, type WindowName, windowToUint8 } from './window.js';

/** Options of {@link toSlices}. */
export interface SliceOptions {
  /** Side of the square that each slice is resized to. By default slices keep their own size. */
  readonly size?: number;
  /** Window in the volume's unit. By default `lung` for HU; grey volumes keep their 8 bits, or see {@link greyWindow}. */
  readonly window?: WindowName | Window;
}

/** One axial slice as a network or a person looks at it. */
export interface Slice extends GreyImage<Uint8Array> {
  /** Number of the slice, from the feet up; what {@link restoreSlice} and its siblings ask for. */
  readonly index: number;
}

/** A probability map of one slice, values 0..1, at any size. */
export type ProbabilityMap = GreyImage<Float32Array>;

/**
 * The axial slices of a volume, one at a time: windowed to 8 bits, in display orientation (see {@link displayFrame}),
 * then resized as PIL does.
 *
 * @yields slices from the feet up
 */
export function* toSlices(volume: Volume, options: SliceOptions = {}): Generator<Slice, void, void> {
  const frame = displayFrame(volume);
  const { width, height } = frame;
  const { size } = options;
  const window = options.window === undefined ? defaultWindow(volume) : resolveWindow(options.window);
  for (let index = 0; index < frame.slices; index++) {
    const voxels = takeSlice(volume.voxels, frame, index);
    const data =
      window === undefined && voxels instanceof Uint8Array ? voxels : windowToUint8(voxels, window);
    const image = { width, height, data };
    yield { ...(size === undefined ? image : resizeBilinear(image, size, size)), index };
  }
}

/**
 * The window that a grey volume is shown with: 0..255 as it is, 16-bit PNG from 0 to 65535, anything else from its
 * least to its greatest value (the reader has warned of that).
 */
export function greyWindow({ voxels, format }: Pick<Volume, 'voxels' | 'format'>): Window {
  if (isPicture(format)) {
    const maximum = voxels instanceof Uint8Array ? 255 : 65_535;
    return { center: maximum / 2, width: maximum };
  }
  let min = Infinity;
  let max = -Infinity;
  for (const value of voxels) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (min >= 0 && max <= 255 && max > 1) return { center: 127.5, width: 255 };
  return { center: (min + max) / 2, width: max > min ? max - min : 1 };
}

/** Formats whose grey values have a fixed range. */
function isPicture(format: ImageFormat): boolean {
  return format === 'png' || format === 'jpeg' || format === 'tiff';
}

/** Lung window for HU; nothing to do for 8-bit grey. */
function defaultWindow(volume: Volume): Window | undefined {
  if (volume.unit === 'HU') return resolveWindow('lung');
  if (isPicture(volume.format) && volume.voxels instanceof Uint8Array) return undefined;
  return greyWindow(volume);
}

/**
 * Brings a probability map back to the size of the volume's slices, bilinearly. Threshold only after this: a mask
 * that is resized afterwards has lost what lies between its pixels.
 *
 * @returns probabilities in display orientation
 */
export function restoreSlice(
  probability: ProbabilityMap,
  volume: Pick<Volume, 'dims' | 'affine'>,
): ProbabilityMap {
  checkMap(probability);
  const { width, height } = displayFrame(volume);
  return resizeBilinear(probability, width, height);
}

/**
 * Probabilities of all slices on the volume's own grid, in its own orientation. Four bytes per voxel: for a mask use
 * {@link maskToGrid}, which keeps one.
 *
 * @param slices one map per slice, from the feet up, of any size
 * @throws {ImageFormatError} `size-mismatch` where there are more or fewer maps than slices
 */
export function restoreToGrid(slices: Iterable<ProbabilityMap>, volume: Volume): Float32Array {
  const grid = new Float32Array(volume.voxels.length);
  fillGrid(slices, volume, grid, (probability) => probability);
  return grid;
}

/**
 * Mask of a volume from probability maps, slice by slice: restored to the slice's size, then thresholded, so that
 * never more than one slice of probabilities is held.
 *
 * @param slices one map per slice, from the feet up, of any size
 * @param options `threshold`: probabilities at or above it are mask; default 0.5
 * @returns 0 or 1 per voxel, in the volume's own order
 */
export function maskToGrid(
  slices: Iterable<ProbabilityMap>,
  volume: Volume,
  { threshold = 0.5 }: { readonly threshold?: number } = {},
): Uint8Array {
  const grid = new Uint8Array(volume.voxels.length);
  fillGrid(slices, volume, grid, (probability) => (probability >= threshold ? 1 : 0));
  return grid;
}

function fillGrid(
  slices: Iterable<ProbabilityMap>,
  volume: Volume,
  grid: Float32Array | Uint8Array,
  convert: (probability: number) => number,
): void {
  const frame = displayFrame(volume);
  let index = 0;
  for (const slice of slices) {
    if (index === frame.slices) throw wrongCount(volume, frame.slices, 'more');
    putSlice(grid, frame, index, restoreSlice(slice, volume).data.map(convert));
    index++;
  }
  if (index < frame.slices) throw wrongCount(volume, frame.slices, `only ${index}`);
}

function checkMap({ width, height, data }: ProbabilityMap): void {
  if (data.length !== width * height || data.length === 0) {
    throw new ImageFormatError(
      'size-mismatch',
      `${data.length} probabilities do not make a map of ${width} x ${height}`,
      'Give width * height values.',
    );
  }
}

function wrongCount({ source }: Volume, expected: number, given: string): ImageFormatError {
  return new ImageFormatError(
    'size-mismatch',
    `${source}: has ${expected} slices, but ${given} probability maps were given`,
    'Give one map per slice, in the order of toSlices.',
  );
}
