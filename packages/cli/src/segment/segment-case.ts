import { createHash } from 'node:crypto';
import { quantify, readImage, type Volume } from '@infnet/io-medical';
import { CliError } from '../errors.js';
import { readFileBytes } from '../inputs/read-file-bytes.js';
import type { Input } from '../inputs/find-inputs.js';
import type { WindowChoice } from '../options.js';
import type { ResultFolder } from '../outputs/result-folder.js';
import { duration } from '../progress/format.js';
import type { Fact, PageCase } from '../report/page-data.js';
import type { CaseKey, CaseRecord, CaseResult } from './case-result.js';
import { PictureCollector, type PictureBudget } from './collect-pictures.js';
import { cardsOf, curveOf, findingLine } from './finding.js';
import type { LoadedModel } from './load-model.js';
import { segmentVolume } from './segment-volume.js';
import { writeOutputs } from './write-outputs.js';

/** What all inputs of a run share. */
export interface SegmentSettings {
  readonly model: LoadedModel;
  readonly backend: string;
  readonly size: number;
  readonly threshold: number;
  readonly window?: WindowChoice;
  readonly saveProbability: boolean;
  readonly budget: PictureBudget;
  readonly signal: AbortSignal;
  readonly onSlice: (done: number, total: number) => void;
}

/** Bytes of an input, with what its result will depend on. */
export interface OpenedInput extends Input {
  readonly bytes: Uint8Array;
  readonly key: CaseKey;
}

/** Reads an input's bytes. */
export async function openInput(input: Input, settings: SegmentSettings): Promise<OpenedInput> {
  const bytes = await readFileBytes(input.path);
  const { model, threshold, size, window = null, saveProbability } = settings;
  const key: CaseKey = {
    inputSha256: createHash('sha256').update(bytes).digest('hex'),
    modelSha256: model.about.sha256,
    threshold,
    size,
    window,
    probability: saveProbability,
  };
  return { ...input, bytes, key };
}

/**
 * Segments one input and writes everything about it; its record last.
 *
 * @param name of the output files
 */
export async function segmentCase(
  input: OpenedInput,
  name: string,
  folder: ResultFolder,
  settings: SegmentSettings,
): Promise<CaseRecord> {
  const clock = stopwatch();
  const volume = await readImage(input.bytes, { name: input.path });
  checkContrast(volume);
  const read = clock();
  const window = settings.window as Parameters<typeof segmentVolume>[2]['window'];
  const pictures = new PictureCollector(volume, settings.budget);
  let done = 0;
  const segmented = await segmentVolume(settings.model.pool, volume, {
    size: settings.size,
    threshold: settings.threshold,
    ...(window !== undefined && { window }),
    keepProbability: settings.saveProbability,
    signal: settings.signal,
    onSlice: (slice, map, total) => {
      pictures.add(slice, map);
      settings.onSlice(++done, total);
    },
  });
  const predict = clock();
  const quantities = quantify(segmented.mask, volume);
  const curve = curveOf(quantities);
  const shown = pictures.finish(curve.areas);
  const infected = shown.slices.filter((slice) => curve.areas[slice]! > 0);
  const outputs = await writeOutputs(folder, volume, segmented, {
    name,
    overlaySlices: infected.length > 0 ? infected : [shown.slices[shown.first]!],
    ...(window !== undefined && { window }),
    description: description(settings),
  });
  const write = clock();
  const result: CaseResult = {
    input: input.name,
    sha256: input.key.inputSha256,
    format: volume.format,
    dims: volume.dims,
    ...(volume.calibrated && { spacingMm: spacingOf(volume) }),
    unit: volume.unit,
    window: windowText(volume, settings.window),
    quantities: { ...quantities, method: quantities.method.replaceAll(input.path, input.name) },
    outputs,
    seconds: { read, predict, write, total: read + predict + write },
    warnings: volume.warnings.map((text) => text.replaceAll(input.path, input.name)),
  };
  const page: PageCase = {
    name: input.name,
    finding: findingLine(quantities),
    share: quantities.shareOfImage,
    cards: cardsOf(quantities, result.seconds.total, settings.backend),
    facts: factsOf(result),
    warnings: result.warnings,
    curve,
    pictures: shown,
  };
  const record: CaseRecord = { format: 'infnet-case-1', key: input.key, result, page };
  await folder.write(`cases/${name}.json`, `${JSON.stringify(record)}\n`);
  return record;
}

/** An image without any contrast was exported wrongly; a mask of it would look like a healthy patient. */
function checkContrast({ voxels, source }: Volume): void {
  const [first] = voxels;
  if (voxels.some((value) => value !== first)) return;
  throw new CliError(
    'nothing-to-see',
    `${source}: every ${first === 0 ? 'value is 0, the image is all black' : `value is ${first}`}`,
    'export it again with the right window, or leave it out',
  );
}

function description({ model, threshold, backend }: SegmentSettings): string {
  const text = `Inf-Net ${model.about.name} ${model.about.sha256.slice(0, 8)} p>=${threshold} ${backend}`;
  return text.replace(/[^ -~]/g, '_').slice(0, 79);
}

function windowText({ unit, voxels }: Volume, window: WindowChoice | undefined): string {
  if (typeof window === 'string') return `${window} window`;
  if (window !== undefined)
    return `${window.center - window.width / 2} to ${window.center + window.width / 2} ${unit}`;
  if (unit === 'HU') return 'lung window, -1350 to 150 HU';
  return voxels instanceof Uint8Array ? 'none, 8-bit grey as it is' : 'full range of the file';
}

function spacingOf({ affine }: Volume): number[] {
  return [0, 1, 2].map((axis) =>
    Number(Math.hypot(affine[axis]!, affine[4 + axis]!, affine[8 + axis]!).toFixed(5)),
  );
}

function factsOf({ dims, spacingMm, window, outputs, quantities, seconds, format }: CaseResult): Fact[] {
  const size = dims.filter((side, axis) => axis < 2 || side > 1).join(' × ');
  const spacing = spacingMm?.map((step) => Number(step.toFixed(2))).join(' × ');
  return [
    { label: 'Image', value: `${size}, ${format === 'nifti' ? 'NIfTI' : format.toUpperCase()}` },
    ...(spacing === undefined ? [] : [{ label: 'Spacing', value: `${spacing} mm` }]),
    { label: 'Grey window', value: window },
    { label: 'Mask', value: outputs.mask },
    ...(outputs.probability === undefined ? [] : [{ label: 'Probability', value: outputs.probability }]),
    { label: 'Measured as', value: quantities.method },
    {
      label: 'Time',
      value: `read ${duration(seconds.read)}, network ${duration(seconds.predict)}, write ${duration(seconds.write)}`,
    },
  ];
}

/** Seconds since the last call. */
function stopwatch(): () => number {
  let last = performance.now();
  return () => {
    const now = performance.now();
    const seconds = (now - last) / 1000;
    last = now;
    return seconds;
  };
}
