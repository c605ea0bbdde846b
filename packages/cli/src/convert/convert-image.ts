import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  displayFrame,
  encodePng,
  readSeries,
  toSlices,
  writeVolume,
  type SliceOptions,
  type Volume,
} from '@infnet/io-medical';
import { outcomeOf, type CommandContext, type Outcome } from '../context.js';
import { CliError } from '../errors.js';
import { findInputs } from '../inputs/find-inputs.js';
import { listImages } from '../inputs/list-images.js';
import { readVolume } from '../inputs/read-input.js';
import type { WindowChoice } from '../options.js';
import { atomicWrite } from '../outputs/atomic-write.js';
import { ensureWritableFolder } from '../outputs/writable.js';
import { stackSlices } from './stack-slices.js';

/** Options of `infnet convert` that concern images. */
export interface ConvertImageOptions {
  /** Which DICOM series of the input, as `infnet info` counts them, from 1. */
  readonly series?: number;
  /** Read series with missing slices too. */
  readonly allowUneven?: boolean;
  /** Grey window of PNG slices. */
  readonly window?: WindowChoice;
  /** Voxel size of a volume made of pictures. */
  readonly spacing?: readonly [number, number, number];
}

const VOLUME_ENDING = /\.(?:nii|nii\.gz|nrrd|mha)$/i;
const PICTURE_ENDING = /\.(?:png|jpe?g|tiff?)$/i;

/**
 * Reads one image and writes it as the output's name says: a volume file, one PNG, or a folder of PNG slices.
 *
 * @throws CliError `several-inputs`, `usage`, and what reading and writing throws
 */
export async function convertImage(
  input: string,
  output: string,
  options: ConvertImageOptions,
  context: CommandContext,
): Promise<Outcome> {
  const volume = await readOne(input, options, context);
  for (const message of volume.warnings) context.reporter.emit({ event: 'warning', input, message });
  if (VOLUME_ENDING.test(output)) {
    await ensureWritableFolder(dirname(output));
    await writeVolume(output, volume, { description: 'converted by infnet' });
  } else {
    await writeSlices(output, volume, options, context);
  }
  context.reporter.emit({ event: 'written', what: 'image', path: output });
  return outcomeOf({ done: 1 });
}

async function readOne(
  input: string,
  { series, spacing, allowUneven = false }: ConvertImageOptions,
  { signal }: CommandContext,
): Promise<Volume> {
  if (series !== undefined) return readSeries(input, { series: series - 1, allowUneven, signal });
  const { inputs, failures } = await findInputs([input]);
  const [failure] = failures;
  if (failure !== undefined && inputs.length === 0) {
    throw new CliError(failure.code, failure.message, failure.hint);
  }
  const pictures = inputs.filter((found) => PICTURE_ENDING.test(found.path));
  if (inputs.length > 1 && pictures.length === inputs.length) {
    return stackSlices(input, await listImages(input), spacing, signal);
  }
  const [only] = inputs;
  if (only === undefined || inputs.length > 1) {
    throw new CliError('several-inputs', `${input} holds ${inputs.length} images`, 'name one of them');
  }
  return readVolume(only, signal, { allowUneven });
}

async function writeSlices(
  output: string,
  volume: Volume,
  { window }: ConvertImageOptions,
  { reporter, signal }: CommandContext,
): Promise<void> {
  const { slices } = displayFrame(volume);
  const isFile = output.toLowerCase().endsWith('.png');
  if (isFile && slices > 1) {
    throw new CliError(
      'usage',
      `${output}: one PNG cannot hold ${slices} slices`,
      'name a folder for the slices, or a file that ends in .nii.gz',
    );
  }
  if (!isFile) await mkdir(output, { recursive: true });
  const digits = String(slices).length;
  const how = window === undefined ? {} : { window: window as NonNullable<SliceOptions['window']> };
  for (const slice of toSlices(volume, how)) {
    signal.throwIfAborted();
    const number = String(slice.index + 1).padStart(digits, '0');
    await atomicWrite(
      isFile ? output : `${output.replace(/\/+$/, '')}/slice-${number}.png`,
      encodePng(slice),
    );
    reporter.emit({
      event: 'progress',
      task: 'converting',
      subject: output,
      done: slice.index + 1,
      total: slices,
    });
  }
}
