import { createHash } from 'node:crypto';
import { readImage, readSeries, type Volume } from '@infnet/io-medical';
import type { Input } from './find-inputs.js';
import { readFileBytes } from './read-file-bytes.js';
import { isDetached } from './stem.js';

/** An input with its identity; its voxels are read when they are wanted. */
export interface OpenedInput extends Input {
  /** SHA-256 of the file; of voxels and geometry where the image is made of several files. */
  readonly sha256: string;
  readonly read: () => Promise<Volume>;
}

/** How inputs are read. */
export interface InputOptions {
  /** Read series with missing slices too; see `allowUneven` of @infnet/io-medical. */
  readonly allowUneven?: boolean;
}

/** Opens an input: a file is hashed as it is, a series has to be read for that. */
export async function openInput(
  input: Input,
  signal: AbortSignal,
  options: InputOptions = {},
): Promise<OpenedInput> {
  const read = (): Promise<Volume> => readVolume(input, signal, options);
  if (input.series !== undefined || isDetached(input.path)) {
    const volume = await read();
    return { ...input, sha256: hashVolume(volume), read: () => Promise.resolve(volume) };
  }
  const bytes = await readFileBytes(input.path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { ...input, sha256, read: () => readImage(bytes, { name: input.path, signal, ...options }) };
}

/** Reads the volume of an input. */
export function readVolume(
  { path, series }: Input,
  signal: AbortSignal,
  options: InputOptions = {},
): Promise<Volume> {
  if (series === undefined) return readImage(path, { signal, ...options });
  return readSeries(series.files, { series: series.index, name: path, signal, ...options });
}

function hashVolume({ voxels, dims, affine }: Volume): string {
  return createHash('sha256')
    .update(JSON.stringify({ dims, affine, type: voxels.constructor.name }))
    .update(new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength))
    .digest('hex');
}
