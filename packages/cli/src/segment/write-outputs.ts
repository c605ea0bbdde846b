import {
  displayFrame,
  encodePng,
  takeSlice,
  toSlices,
  writeMask,
  writeProbability,
  type SliceOptions,
  type Volume,
} from '@infnet/io-medical';
import { mkdir } from 'node:fs/promises';
import { overlayRgb } from '../outputs/overlay.js';
import type { ResultFolder } from '../outputs/result-folder.js';
import type { CaseResult } from './case-result.js';
import type { SegmentedVolume } from './segment-volume.js';

/** What decides how results are written. */
export interface WriteChoices {
  readonly name: string;
  /** Slices to write overlays of. */
  readonly overlaySlices: readonly number[];
  readonly window?: NonNullable<SliceOptions['window']>;
  /** Which model, threshold and backend made the mask; goes into NIfTI headers, which take 79 characters. */
  readonly description: string;
}

/** Writes mask, probability (if kept) and overlays of one input. */
export async function writeOutputs(
  folder: ResultFolder,
  volume: Volume,
  { mask, probability }: SegmentedVolume,
  { name, overlaySlices, window, description }: WriteChoices,
): Promise<CaseResult['outputs']> {
  const ending = volume.format === 'nifti' ? '.nii.gz' : '.png';
  const maskPath = `masks/${name}${ending}`;
  const probabilityPath = probability && `probabilities/${name}${ending}`;
  await mkdir(folder.at('masks'), { recursive: true });
  await writeMask(folder.at(maskPath), mask, volume, { description });
  if (probability && probabilityPath) {
    await mkdir(folder.at('probabilities'), { recursive: true });
    await writeProbability(folder.at(probabilityPath), probability, volume, { description });
  }
  const overlays = await writeOverlays(folder, volume, mask, { name, overlaySlices, window });
  return { mask: maskPath, ...(probabilityPath && { probability: probabilityPath }), overlays };
}

async function writeOverlays(
  folder: ResultFolder,
  volume: Volume,
  mask: Uint8Array,
  {
    name,
    overlaySlices,
    window,
  }: Pick<WriteChoices, 'name' | 'overlaySlices'> & { window: WriteChoices['window'] | undefined },
): Promise<string[]> {
  const frame = displayFrame(volume);
  const wanted = new Set(overlaySlices);
  const digits = String(frame.slices).length;
  const written: string[] = [];
  for (const slice of toSlices(volume, window === undefined ? {} : { window })) {
    if (!wanted.has(slice.index)) continue;
    const number = String(slice.index + 1).padStart(digits, '0');
    const path = frame.slices > 1 ? `overlays/${name}/slice-${number}.png` : `overlays/${name}.png`;
    const data = overlayRgb(slice, takeSlice(mask, frame, slice.index));
    await folder.write(path, encodePng({ width: slice.width, height: slice.height, data, channels: 3 }));
    written.push(path);
  }
  return written;
}
