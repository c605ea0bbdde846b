import {
  checkQuantities,
  checkVolume,
  quantify,
  segmentVolume,
  type Quantities,
  type Volume,
} from '@infnet/io-medical';
import { CliError } from '../errors.js';
import type { Input } from '../inputs/find-inputs.js';
import { openInput, type OpenedInput } from '../inputs/read-input.js';
import type { WindowChoice } from '../options.js';
import type { ResultFolder } from '../outputs/result-folder.js';
import { duration } from '../progress/format.js';
import type { Fact, PageCase } from '../report/page-data.js';
import type { CaseKey, CaseRecord, CaseResult, DicomChoice } from './case-result.js';
import { classCards, classFinding, classResults, classTable } from './class-results.js';
import { PictureCollector, type PictureBudget } from './collect-pictures.js';
import { gateFact, gateFinding } from './gate-finding.js';
import { cardsOf, curveOf, findingLine } from './finding.js';
import { imageFacts, spacingOf, windowText } from './image-facts.js';
import type { Labeller } from './labeller.js';
import type { GateFacts } from './load-gate.js';
import type { LoadedModel } from './load-model.js';
import { lungsOf } from './lungs-of.js';
import type { LungSource, LungSources } from './lung-source.js';
import { tablesOf, zonesOf } from './tables.js';
import { VolumeLabeller } from './volume-labeller.js';
import { checkDicomInput, writeDicom } from './write-dicom.js';
import { writeLabelFiles } from './write-labels.js';
import { writeOutputs } from './write-outputs.js';

/** What all inputs of a run share. */
export interface SegmentSettings {
  readonly model: LoadedModel;
  /** What tells classes of infection apart, where that is wanted. */
  readonly labeller?: Labeller;
  readonly backend: string;
  readonly size: number;
  readonly threshold: number;
  readonly window?: WindowChoice;
  readonly saveProbability: boolean;
  /** Ending of masks of volumes, such as `nii.gz`. */
  readonly format: string;
  readonly dicom: DicomChoice;
  /** Whether series with missing slices are segmented too. */
  readonly allowUneven: boolean;
  readonly gate?: GateFacts;
  readonly lungSources: LungSources;
  readonly budget: PictureBudget;
  readonly signal: AbortSignal;
  readonly onSlice: (done: number, total: number) => void;
}

/** An input with what its result will depend on. */
export interface CaseInput extends OpenedInput {
  readonly key: CaseKey;
  readonly lungs: LungSource;
}

/** Opens an input and says what its result will depend on. */
export async function openCase(input: Input, settings: SegmentSettings): Promise<CaseInput> {
  const { model, threshold, size, window = null, saveProbability, format, dicom, gate, signal } = settings;
  const opened = await openInput(input, signal, { allowUneven: settings.allowUneven });
  const lungs = await settings.lungSources(input);
  const key: CaseKey = {
    inputSha256: opened.sha256,
    modelSha256: model.about.sha256,
    threshold,
    size,
    window,
    probability: saveProbability,
    lungs: lungs.kind === 'file' ? lungs.sha256 : lungs.kind,
    format,
    dicom,
    ...(settings.labeller && { labellerSha256: settings.labeller.about.sha256 }),
    gate: gate ? { sha256: gate.sha256, threshold: gate.threshold } : null,
  };
  return { ...opened, key, lungs };
}

/**
 * Segments one input and writes everything about it; its record last.
 *
 * @param name of the output files
 */
export async function segmentCase(
  input: CaseInput,
  name: string,
  folder: ResultFolder,
  settings: SegmentSettings,
): Promise<CaseRecord> {
  const clock = stopwatch();
  const volume = await input.read();
  checkContrast(volume);
  if (settings.dicom !== 'none') checkDicomInput(volume);
  const read = clock();
  const window = settings.window as Parameters<typeof segmentVolume>[2]['window'];
  const keepProbability = settings.saveProbability;
  const pictures = new PictureCollector(volume, settings.budget);
  const labelled =
    settings.labeller &&
    new VolumeLabeller(settings.labeller, volume, {
      ...(window !== undefined && { window }),
      keepProbability,
    });
  let done = 0;
  const { pool } = settings.model;
  const segmented = await segmentVolume(labelled ? labelled.beside(pool) : pool, volume, {
    size: settings.size,
    threshold: settings.threshold,
    ...(window !== undefined && { window }),
    keepProbability,
    ...(settings.gate && { gateThreshold: settings.gate.threshold }),
    signal: settings.signal,
    onSlice: (slice, map, total) => {
      pictures.add(slice, map);
      settings.onSlice(++done, total);
    },
  });
  const predict = clock();
  const lungs = await lungsOf(volume, input.lungs);
  const quantities = quantify(segmented.mask, volume, {
    ...(lungs.sided !== undefined && { lungs: lungs.sided }),
    ...(lungs.lobes !== undefined && { lobes: lungs.lobes }),
  });
  const classes = labelled && classResults(labelled, volume, lungs);
  const checks = [...checkVolume(volume), ...lungs.checks, ...checkQuantities(quantities)];
  const measure = clock();
  const curve = curveOf(quantities);
  const shown = await pictures.finish(
    curve.areas,
    labelled && { labels: labelled.labels, names: labelled.labeller.about.classes },
  );
  const infected = shown.slices.filter((slice) => curve.areas[slice]! > 0);
  const files = await writeOutputs(folder, volume, segmented, {
    name,
    overlaySlices: infected.length > 0 ? infected : [shown.slices[shown.first]!],
    ...(window !== undefined && { window }),
    description: description(settings),
    format: settings.format,
    ...(input.lungs.kind === 'auto' && lungs.sided !== undefined && { lungs: lungs.sided.labels }),
    ...(labelled && { labels: labelled.labels }),
  });
  const labelFiles = labelled && (await writeLabelFiles(folder, volume, labelled, { name, ...settings }));
  const gate =
    segmented.infected && settings.gate && gateFinding(segmented.infected, settings.gate.threshold);
  const content = {
    name,
    mask: segmented.mask,
    quantities,
    ...(labelled && classes && { classes: { labelled, results: classes } }),
    ...(gate && { gate }),
  };
  const objects = settings.dicom === 'none' ? {} : await writeDicom(folder, volume, content, settings);
  const outputs = { ...files, ...labelFiles, ...objects };
  const write = clock();
  const result: CaseResult = {
    input: input.name,
    sha256: input.key.inputSha256,
    format: volume.format,
    dims: volume.dims,
    ...(volume.calibrated && { spacingMm: spacingOf(volume) }),
    unit: volume.unit,
    window: windowText({ ...volume, eightBit: volume.voxels instanceof Uint8Array }, settings.window),
    quantities: renamed(quantities, input),
    ...(classes && {
      classes: classes.map((one) => ({ ...one, quantities: renamed(one.quantities, input) })),
    }),
    ...(gate && { gate }),
    outputs,
    seconds: { read, predict, measure, write, total: read + predict + measure + write },
    assumed: volume.assumed.map((text) => text.replaceAll(input.path, input.name)),
    warnings: volume.warnings.map((text) => text.replaceAll(input.path, input.name)),
    checks,
  };
  const page: PageCase = {
    name: input.name,
    finding: `${findingLine(quantities)}${classes ? classFinding(classes) : ''}`,
    share: quantities.shareOfImage,
    cards: [
      ...cardsOf(quantities, result.seconds.total, settings.backend),
      ...(classes ? classCards(classes) : []),
    ],
    facts: factsOf(result),
    warnings: result.warnings,
    checks,
    zones: zonesOf(quantities),
    tables: [...(classes && labelled ? [classTable(classes, labelled)] : []), ...tablesOf(quantities)],
    curve,
    pictures: shown,
  };
  const record: CaseRecord = { format: 'infnet-case-2', key: input.key, result, page };
  await folder.write(`cases/${name}.json`, `${JSON.stringify(record)}\n`);
  return record;
}

/** Methods name the input; reports are passed on, so they do not tell where it lies. */
function renamed(quantities: Quantities, { path, name }: Input): Quantities {
  return { ...quantities, method: quantities.method.replaceAll(path, name) };
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

function factsOf(result: CaseResult): Fact[] {
  const { outputs, quantities, gate, seconds } = result;
  const { segmentation, measurements, classDicom } = outputs;
  const dicom = [segmentation, measurements, classDicom?.segmentation, classDicom?.measurements].filter(
    (path) => path !== undefined,
  );
  return [
    ...imageFacts(result),
    ...(gate === undefined ? [] : [gateFact(gate)]),
    { label: 'Mask', value: outputs.mask },
    ...(outputs.labels === undefined ? [] : [{ label: 'Labels', value: outputs.labels }]),
    ...(outputs.probability === undefined ? [] : [{ label: 'Probability', value: outputs.probability }]),
    ...(dicom.length === 0 ? [] : [{ label: 'DICOM', value: dicom.join(', ') }]),
    ...(outputs.lungs === undefined ? [] : [{ label: 'Lungs', value: outputs.lungs }]),
    { label: 'Measured as', value: quantities.method },
    {
      label: 'Time',
      value: `read ${duration(seconds.read)}, network ${duration(seconds.predict)}, measure ${duration(seconds.measure)}, write ${duration(seconds.write)}`,
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
