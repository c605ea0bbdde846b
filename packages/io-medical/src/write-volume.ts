import {
  encodeLabels,
  encodeMask,
  encodeProbability,
  encodeVolume,
  type OutputFormat,
  type WriteOptions,
} from './encode-volume.js';
import { ImageFormatError } from './errors.js';
import { writeFileAtomic } from './source/local-files.js';
import type { Volume } from './volume.js';

const FORMATS: readonly OutputFormat[] = ['nii.gz', 'nii', 'nrrd', 'mha', 'png'];

/**
 * Writes a mask in the geometry of the volume it belongs to; the name's end (`.nii`, `.nii.gz`, `.nrrd`, `.mha`, `.png`)
 * decides the format, see {@link encodeMask}. The name never holds half a file.
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
  await writeFileAtomic(path, await encodeMask(formatOf(path), mask, volume, options));
}

/**
 * Writes a label map in the geometry of its volume; see {@link encodeLabels}.
 *
 * @param labels one byte per voxel, in the volume's order
 * @throws {ImageFormatError} `size-mismatch`, `unsupported`, `not-writable`
 */
export async function writeLabels(
  path: string,
  labels: Uint8Array,
  volume: Volume,
  options: WriteOptions = {},
): Promise<void> {
  await writeFileAtomic(path, await encodeLabels(formatOf(path), labels, volume, options));
}

/**
 * Writes probabilities in the geometry of their volume; see {@link encodeProbability}.
 *
 * @param probability one value in 0..1 per voxel, in the volume's order, as {@link restoreToGrid} gives
 */
export async function writeProbability(
  path: string,
  probability: Float32Array,
  volume: Volume,
  options: WriteOptions = {},
): Promise<void> {
  await writeFileAtomic(path, await encodeProbability(formatOf(path), probability, volume, options));
}

/** Writes a volume itself as `.nii`, `.nii.gz`, `.nrrd` or `.mha`; see {@link encodeVolume}. */
export async function writeVolume(path: string, volume: Volume, options: WriteOptions = {}): Promise<void> {
  await writeFileAtomic(path, await encodeVolume(formatOf(path), volume, options));
}

function formatOf(path: string): OutputFormat {
  const format = FORMATS.find((ending) => path.toLowerCase().endsWith(`.${ending}`));
  if (format !== undefined) return format;
  throw new ImageFormatError(
    'unsupported',
    `${path}: the name does not say a format that can be written`,
    `End it in ${FORMATS.map((ending) => `.${ending}`).join(', ')}.`,
  );
}
