import { displayFrame, takeSlice } from './display-frame.js';
import { ImageFormatError } from './errors.js';
import { writeFileAtomic } from './source/local-files.js';
import { deflate } from './inflate.js';
import { encodeNifti } from './nifti/encode-nifti.js';
import { encodePng } from './png/encode-png.js';
import type { Volume, VoxelArray } from './volume.js';

/** Options of the writers below. */
export interface WriteOptions {
  /** Up to 79 ASCII characters that go into a NIfTI header, such as which model made a mask. */
  readonly description?: string;
}

/**
 * Writes a mask in the geometry of the volume it belongs to; the name's end decides the format.
 *
 * `.nii` and `.nii.gz`: labels as they are, uint8, with exactly the volume's spacing, qform and sform.
 * `.png`: volumes of one slice only, in display orientation; a mask of 0 and 1 becomes 0 and 255, labels stay.
 * The name never holds half a file.
 *
 * @param mask one byte per voxel, in the volume's order
 * @throws {ImageFormatError} `size-mismatch`, `unsupported`, `not-writable`
 */
export async function writeMask(
  path: string,
  mask: Uint8Array,
  volume: Volume,
  options: WriteOptions = {},
): Promise<void> {
  await writeFileAtomic(path, await encode(path, mask, volume, options, stretchMask));
}

/**
 * Writes probabilities in the geometry of their volume: float32 as `.nii` or `.nii.gz`; `round(255 p)` as `.png`.
 *
 * @param probability one value in 0..1 per voxel, in the volume's order, as {@link restoreToGrid} gives
 */
export async function writeProbability(
  path: string,
  probability: Float32Array,
  volume: Volume,
  options: WriteOptions = {},
): Promise<void> {
  await writeFileAtomic(path, await encode(path, probability, volume, options, toByteProbability));
}

/**
 * Writes a volume itself as `.nii` or `.nii.gz`: voxels of at most 8 bits as uint8, whole numbers that fit as int16,
 * anything else as float32.
 */
export async function writeVolume(path: string, volume: Volume, options: WriteOptions = {}): Promise<void> {
  const voxels = narrowVoxels(volume);
  await writeFileAtomic(path, await encode(path, voxels, volume, options, undefined));
}

async function encode<Voxels extends VoxelArray>(
  path: string,
  voxels: Voxels,
  volume: Volume,
  { description = '' }: WriteOptions,
  toPixels: ((slice: Voxels) => Uint8Array) | undefined,
): Promise<Uint8Array> {
  const name = path.toLowerCase();
  if (name.endsWith('.nii')) return encodeNifti(voxels, volume, description);
  if (name.endsWith('.nii.gz')) return deflate(encodeNifti(voxels, volume, description), 'gzip');
  if (!name.endsWith('.png') || toPixels === undefined) {
    throw new ImageFormatError(
      'unsupported',
      `${path}: the name does not say a format that can be written`,
      toPixels === undefined ? 'End it in .nii or .nii.gz.' : 'End it in .nii, .nii.gz or .png.',
    );
  }
  return encodeSlice(path, voxels, volume, toPixels);
}

function encodeSlice<Voxels extends VoxelArray>(
  path: string,
  voxels: Voxels,
  volume: Volume,
  toPixels: (slice: Voxels) => Uint8Array,
): Uint8Array {
  const frame = displayFrame(volume);
  if (frame.slices !== 1 || voxels.length !== frame.width * frame.height) {
    throw new ImageFormatError(
      frame.slices === 1 ? 'size-mismatch' : 'unsupported',
      `${path}: ${voxels.length} voxels of a volume of ${volume.dims.join(' x ')} do not make one PNG`,
      'Write volumes of several slices as .nii.gz.',
    );
  }
  const { width, height } = frame;
  return encodePng({ width, height, data: toPixels(takeSlice(voxels, frame, 0)) });
}

function stretchMask(mask: Uint8Array): Uint8Array {
  return mask.every((value) => value <= 1) ? mask.map((value) => 255 * value) : mask;
}

function toByteProbability(probability: Float32Array): Uint8Array {
  return Uint8Array.from(probability, (value) => Math.round(255 * Math.min(1, Math.max(0, value))));
}

function narrowVoxels({ voxels }: Volume): VoxelArray {
  if (voxels instanceof Uint8Array || voxels instanceof Int16Array || voxels instanceof Float32Array) {
    return voxels;
  }
  const fits = voxels.every((value) => Number.isInteger(value) && value >= -32_768 && value <= 32_767);
  return fits ? Int16Array.from(voxels) : Float32Array.from(voxels);
}
