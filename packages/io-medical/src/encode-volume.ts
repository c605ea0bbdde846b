import { displayFrame, takeSlice } from './display-frame.js';
import { ImageFormatError } from './errors.js';
import { deflate } from './inflate.js';
import { encodeNifti } from './nifti/encode-nifti.js';
import type { Colour, PngImage } from './png/encode-png.js';
import { labelColour } from './png/label-colours.js';
import type { Volume, VoxelArray } from './volume.js';

/** Formats that masks and maps are written in, named after the end of a file's name. */
export type OutputFormat = 'nii' | 'nii.gz' | 'nrrd' | 'mha' | 'png';

/** Options of the writers. */
export interface WriteOptions {
  /** Up to 79 ASCII characters that go into a NIfTI header, such as which model made a mask. */
  readonly description?: string;
}

/** How voxels of a kind are shown in a PNG; undefined where they are not. */
type ToPixels = ((slice: VoxelArray) => Pick<PngImage, 'data' | 'palette'>) | undefined;

/**
 * A mask in the geometry of the volume it belongs to, as the bytes of a file: for a browser to offer as a download. In
 * Node see {@link writeMask}.
 *
 * Volume formats keep the labels as they are, uint8, in exactly the volume's place. `png`: volumes of one slice only, in
 * display orientation; a mask of 0 and 1 becomes 0 and 255, labels stay.
 *
 * @param mask one byte per voxel, in the volume's order
 * @throws {ImageFormatError} `size-mismatch`, `unsupported`
 */
export function encodeMask(
  format: OutputFormat,
  mask: Uint8Array,
  volume: Volume,
  options: WriteOptions = {},
): Promise<Uint8Array> {
  return encode(format, mask, volume, options, stretchMask);
}

/**
 * A label map in the geometry of its volume as the bytes of a file: as {@link encodeMask}, but labels stay what they are in
 * a `png` too, which shows them in colours (a palette, see {@link labelColour}) and gives them back to `readLabelImage`.
 *
 * @param labels one byte per voxel, in the volume's order
 * @throws {ImageFormatError} `size-mismatch`, `unsupported`
 */
export function encodeLabels(
  format: OutputFormat,
  labels: Uint8Array,
  volume: Volume,
  options: WriteOptions = {},
): Promise<Uint8Array> {
  return encode(format, labels, volume, options, asLabels);
}

/**
 * Probabilities in the geometry of their volume as the bytes of a file: float32, or `round(255 p)` as `png`.
 *
 * @param probability one value in 0..1 per voxel, in the volume's order, as {@link restoreToGrid} gives
 */
export function encodeProbability(
  format: OutputFormat,
  probability: Float32Array,
  volume: Volume,
  options: WriteOptions = {},
): Promise<Uint8Array> {
  return encode(format, probability, volume, options, toByteProbability);
}

/**
 * A volume itself as the bytes of a file. NIfTI takes the voxels narrowed: at most 8 bits as uint8, whole numbers that
 * fit as int16, anything else as float32; the other formats keep their type. `png` is refused.
 */
export function encodeVolume(
  format: OutputFormat,
  volume: Volume,
  options: WriteOptions = {},
): Promise<Uint8Array> {
  const voxels = format.startsWith('nii') ? narrowVoxels(volume.voxels) : volume.voxels;
  return encode(format, voxels, volume, options, undefined);
}

async function encode(
  format: OutputFormat,
  voxels: VoxelArray,
  volume: Volume,
  { description = '' }: WriteOptions,
  toPixels: ToPixels,
): Promise<Uint8Array> {
  // What few ask for is loaded when it is asked for.
  switch (format) {
    case 'nii':
      return encodeNifti(voxels, volume, description);
    case 'nii.gz':
      return deflate(encodeNifti(voxels, volume, description), 'gzip');
    case 'nrrd':
      return (await import('./nrrd/encode-nrrd.js')).encodeNrrd(voxels, volume);
    case 'mha':
      return (await import('./metaimage/encode-metaimage.js')).encodeMetaImage(voxels, volume);
    case 'png':
      return encodeSlice(voxels, volume, toPixels);
  }
}

async function encodeSlice(voxels: VoxelArray, volume: Volume, toPixels: ToPixels): Promise<Uint8Array> {
  const { width, height, ...frame } = displayFrame(volume);
  if (toPixels === undefined || frame.slices !== 1 || voxels.length !== width * height) {
    throw new ImageFormatError(
      toPixels !== undefined && frame.slices === 1 ? 'size-mismatch' : 'unsupported',
      `${voxels.length} voxels of a volume of ${volume.dims.join(' x ')} do not make one PNG of a mask`,
      'Write volumes as .nii.gz, .nrrd or .mha.',
    );
  }
  const { encodePng } = await import('./png/encode-png.js');
  return encodePng({ width, height, ...toPixels(takeSlice(voxels, { width, height, ...frame }, 0)) });
}

function stretchMask(mask: VoxelArray): { data: Uint8Array } {
  const factor = mask.every((value) => value <= 1) ? 255 : 1;
  return { data: Uint8Array.from(mask, (value) => factor * value) };
}

function asLabels(labels: VoxelArray): { data: Uint8Array; palette: Colour[] } {
  const data = Uint8Array.from(labels);
  const highest = data.reduce((most, label) => Math.max(most, label), 0);
  return { data, palette: Array.from({ length: highest + 1 }, (_, label) => labelColour(label)) };
}

function toByteProbability(probability: VoxelArray): { data: Uint8Array } {
  return {
    data: Uint8Array.from(probability, (value) => Math.round(255 * Math.min(1, Math.max(0, value)))),
  };
}

function narrowVoxels(voxels: VoxelArray): VoxelArray {
  if (voxels instanceof Uint8Array || voxels instanceof Int16Array || voxels instanceof Float32Array) {
    return voxels;
  }
  const fits = voxels.every((value) => Number.isInteger(value) && value >= -32_768 && value <= 32_767);
  return fits ? Int16Array.from(voxels) : Float32Array.from(voxels);
}
