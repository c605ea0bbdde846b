import { createHash } from 'node:crypto';
import {
  alignMask,
  checkVolume,
  displayFrame,
  encodePng,
  gradientEdge,
  lungSlices,
  type GreyImage,
  type ImageCheck,
  type LungSlice,
  type LungSliceOptions,
} from '@infnet/io-medical';
import { CliError } from '../errors.js';
import type { OpenedInput } from '../inputs/read-input.js';
import type { ResultFolder } from '../outputs/result-folder.js';
import { lungsOf } from '../segment/lungs-of.js';
import type { LungSource } from '../segment/lung-source.js';
import type { DatasetCase, DatasetKey, DatasetSlice } from './case-record.js';

/** One volume of a data set, opened. */
export interface CaseToWrite {
  readonly key: DatasetKey;
  /** Name of its slices: `NAME_slice-012.png`. */
  readonly name: string;
  readonly volume: OpenedInput;
  readonly mask?: OpenedInput;
  readonly lungs: LungSource;
  readonly anonymous: boolean;
  readonly signal: AbortSignal;
  readonly onSlice: (done: number, total: number) => void;
}

/** Writes the slices of one volume, its record last. */
export async function writeCase(entry: CaseToWrite, folder: ResultFolder): Promise<DatasetCase> {
  const { key, name, signal, anonymous } = entry;
  const volume = await entry.volume.read();
  const mask = entry.mask && alignMask(await entry.mask.read(), volume);
  const found = await lungsOf(volume, entry.lungs, mask);
  const lungs = found.sided?.labels;
  if (lungs === undefined && entry.lungs.kind !== 'none') throw noLungs(entry.volume.path, found.checks);
  const options: LungSliceOptions = {
    ...(lungs !== undefined && { lungs }),
    ...(mask !== undefined && { mask }),
    ...(key.window !== null && { window: key.window as NonNullable<LungSliceOptions['window']> }),
    maskValues: key.labels ? 'labels' : 'binary',
    marginMm: key.marginMm,
    leastLung: key.leastLung,
    every: key.every,
  };
  const total = displayFrame(volume).slices;
  const digits = String(total).length;
  const slices: DatasetSlice[] = [];
  for (const slice of lungSlices(volume, options)) {
    signal.throwIfAborted();
    const file = `${name}_slice-${String(slice.index + 1).padStart(digits, '0')}.png`;
    slices.push(await writeSlice(slice, file, key, folder));
    entry.onSlice(slice.index + 1, total);
  }
  const record: DatasetCase = {
    format: 'infnet-dataset-case-1',
    key,
    name,
    ...(!anonymous && { input: entry.volume.name }),
    slicesInVolume: total,
    ...(found.sided !== undefined && { lungMethod: found.sided.method }),
    checks: [...checkVolume(volume), ...found.checks],
    // Warnings begin with the path; where it lies, and in an anonymous set what it is called, is nobody's business.
    warnings: volume.warnings.map((text) =>
      text.replaceAll(entry.volume.path, anonymous ? name : entry.volume.name),
    ),
    slices,
  };
  await folder.write(`cases/${name}.json`, `${JSON.stringify(record)}\n`);
  return record;
}

async function writeSlice(
  { index, image, mask, crop }: LungSlice,
  file: string,
  key: DatasetKey,
  folder: ResultFolder,
): Promise<DatasetSlice> {
  const files: Record<string, string> = {};
  const write = async (part: string, picture: GreyImage<Uint8Array>): Promise<void> => {
    const bytes = encodePng(picture);
    const path = `${key.folder}/${part}/${file}`;
    await folder.write(path, bytes);
    files[path] = createHash('sha256').update(bytes).digest('hex');
  };
  await write('Imgs', image);
  if (mask === undefined) return { slice: index + 1, crop, files };
  await write('GT', mask);
  if (key.edges) await write('Edge', gradientEdge(mask, { threshold: key.labels ? 0 : 128 }));
  return { slice: index + 1, crop, files, infectedPixels: mask.data.filter((value) => value > 0).length };
}

function noLungs(path: string, checks: readonly ImageCheck[]): CliError {
  const [check] = checks;
  return new CliError(
    'no-lung',
    `${path}: ${check?.message ?? 'its values are not Hounsfield units, so no lung can be found by density'}`,
    `${check?.hint ?? 'Give the CT in HU.'} Or bring lung masks with --lung-mask, or keep whole slices with --no-lung-mask.`,
  );
}
