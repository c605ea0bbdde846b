import {
  displayFrame,
  encodePng,
  labelColour,
  takeSlice,
  toSlices,
  writeMask,
  writeProbability,
  type Colour,
  type SegmentedVolume,
  type SliceOptions,
  type Volume,
} from '@infnet/io-medical';
import { mkdir } from 'node:fs/promises';
import { infectionColour, overlayRgb } from '../outputs/overlay.js';
import type { ResultFolder } from '../outputs/result-folder.js';
import type { CaseResult } from './case-result.js';

/** What decides how results are written. */
export interface WriteChoices {
  readonly name: string;
  /** Slices to write overlays of. */
  readonly overlaySlices: readonly number[];
  readonly window?: NonNullable<SliceOptions['window']>;
  /** Which model, threshold and backend made the mask; goes into NIfTI headers, which take 79 characters. */
  readonly description: string;
  /** Ending of masks of volumes. */
  readonly format: string;
  /** Lungs that were found, to be written too. */
  readonly lungs?: Uint8Array;
  /** Classes of infection: overlays then show these, each in its own colour. */
  readonly labels?: Uint8Array;
}

/** Single pictures, whose masks are pictures too. */
const PICTURES: ReadonlySet<Volume['format']> = new Set(['png', 'jpeg', 'tiff']);

/** The end of the names of masks and maps of a volume. */
export function endingFor({ format }: Volume, wanted: string): string {
  return PICTURES.has(format) ? '.png' : `.${wanted}`;
}

/** Writes mask, lungs, probability (if kept) and overlays of one input. */
export async function writeOutputs(
  folder: ResultFolder,
  volume: Volume,
  { mask, probability }: SegmentedVolume,
  { name, overlaySlices, window, description, format, lungs, labels }: WriteChoices,
): Promise<CaseResult['outputs']> {
  const ending = endingFor(volume, format);
  const maskPath = `masks/${name}${ending}`;
  const probabilityPath = probability && `probabilities/${name}${ending}`;
  await mkdir(folder.at('masks'), { recursive: true });
  await writeMask(folder.at(maskPath), mask, volume, { description });
  if (probability && probabilityPath) {
    await mkdir(folder.at('probabilities'), { recursive: true });
    await writeProbability(folder.at(probabilityPath), probability, volume, { description });
  }
  const lungsPath = lungs && `lungs/${name}${ending}`;
  if (lungs && lungsPath) {
    await mkdir(folder.at('lungs'), { recursive: true });
    await writeMask(folder.at(lungsPath), lungs, volume, { description: 'lungs: 1 right, 2 left' });
  }
  const overlays = await writeOverlays(folder, volume, labels ?? mask, {
    name,
    overlaySlices,
    window,
    colourOf: labels ? labelColour : infectionColour,
  });
  return {
    mask: maskPath,
    ...(lungsPath && { lungs: lungsPath }),
    ...(probabilityPath && { probability: probabilityPath }),
    overlays,
  };
}

async function writeOverlays(
  folder: ResultFolder,
  volume: Volume,
  mask: Uint8Array,
  {
    name,
    overlaySlices,
    window,
    colourOf,
  }: Pick<WriteChoices, 'name' | 'overlaySlices'> & {
    readonly window: WriteChoices['window'] | undefined;
    readonly colourOf: (value: number) => Colour;
  },
): Promise<string[]> {
  const frame = displayFrame(volume);
  const wanted = new Set(overlaySlices);
  const digits = String(frame.slices).length;
  const written: string[] = [];
  for (const slice of toSlices(volume, window === undefined ? {} : { window })) {
    if (!wanted.has(slice.index)) continue;
    const number = String(slice.index + 1).padStart(digits, '0');
    const path = frame.slices > 1 ? `overlays/${name}/slice-${number}.png` : `overlays/${name}.png`;
    const data = overlayRgb(slice, takeSlice(mask, frame, slice.index), colourOf);
    await folder.write(path, encodePng({ width: slice.width, height: slice.height, data, channels: 3 }));
    written.push(path);
  }
  return written;
}
