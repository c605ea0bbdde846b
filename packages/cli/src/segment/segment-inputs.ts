import { selectBackend, type SelectedBackend } from '@infnet/core-model';
import type { CommandContext } from '../context.js';
import { CliError, describeFailure, type Failure, isAbort } from '../errors.js';
import { findInputs, type Input, type InputFailure } from '../inputs/find-inputs.js';
import type { WindowChoice } from '../options.js';
import { outputNames } from '../outputs/output-names.js';
import { ResultFolder } from '../outputs/result-folder.js';
import { matchingRecord, type CaseRecord, type DicomChoice } from './case-result.js';
import { checkWindow } from './check-window.js';
import { pictureBudget } from './collect-pictures.js';
import { loadGate, type GateFacts } from './load-gate.js';
import { DEMO_MODEL_NOTICE, loadModel, type LoadedModel } from './load-model.js';
import { guideOf, legend, loadLabeller, type Labeller, type LabellerFacts } from './labeller.js';
import { lungSources, type LungSources } from './lung-source.js';
import { openCase, segmentCase, type SegmentSettings } from './segment-case.js';
import { DEFAULT_SIZE } from './trained-size.js';

/** Options of `infnet segment`. */
export interface SegmentOptions {
  readonly output: string;
  readonly model?: string;
  /** File of a network that tells classes of infection apart. */
  readonly multiClass?: string;
  readonly backend: string;
  readonly threshold: number;
  readonly size?: number;
  readonly window?: WindowChoice;
  readonly saveProbability?: boolean;
  /** Ending of masks of volumes. Default `nii.gz`. */
  readonly format?: string;
  /** File or folder of lung masks; `false` for none. By default lungs are found by density. */
  readonly lungMask?: string | boolean;
  /** Also write the mask as DICOM SEG and the figures as a DICOM report. */
  readonly dicom?: boolean;
  /** Leave the patient out of these. */
  readonly deidentify?: boolean;
  /** File of a slice gate: slices that it calls healthy have an empty mask. */
  readonly gate?: string;
  /** Probability of infection below which a slice counts as healthy. Default 0.5. */
  readonly gateThreshold?: number;
  /** Segment series with missing slices too. */
  readonly allowUneven?: boolean;
  /** Whether the inputs are scans of one patient, in order of time. */
  readonly compare?: boolean;
  readonly overwrite?: boolean;
  readonly continue?: boolean;
  /** Slices segmented at the same time, each in a worker of its own. 0, or left out: in this thread. */
  readonly workers?: number;
}

/** What a run gave, whether it got to its end or was stopped. */
export interface SegmentRun {
  readonly folder: ResultFolder;
  readonly backend: SelectedBackend;
  readonly model: LoadedModel['about'];
  /** What told the classes apart, where that was wanted. */
  readonly labeller?: LabellerFacts;
  readonly gate?: GateFacts;
  readonly size: number;
  readonly records: readonly CaseRecord[];
  readonly failures: readonly InputFailure[];
  /** Inputs whose earlier results were kept; they are among the records. */
  readonly skipped: number;
  readonly interrupted: boolean;
  readonly seconds: number;
}

/** Segments every input: the model is loaded once, a bad input is told and left out. */
export async function segmentInputs(
  arguments_: readonly string[],
  options: SegmentOptions,
  context: CommandContext,
): Promise<SegmentRun> {
  const { reporter, signal } = context;
  const started = performance.now();
  checkWindow(options.window);
  checkDicomChoice(options);
  checkGateChoice(options);
  const { inputs, failures: notFound } = await findInputs(arguments_, options.output);
  checkInputs(inputs, notFound, context);
  const lungs = await lungSources(options.lungMask, inputs);
  const failures: InputFailure[] = [...notFound];
  const reuse = options.overwrite === true || options.continue === true;
  const folder = await ResultFolder.open(options.output, { reuse });

  const backend = await selectBackend(options.backend);
  reporter.emit({ event: 'backend', ...backend });
  const labeller = options.multiClass === undefined ? undefined : await loadLabeller(options.multiClass);
  const path = options.model ?? (labeller && (await guideOf(labeller.about)));
  const { model, gate } = await loadModels(path, options, backend);
  reporter.emit({ event: 'model', ...model.about });
  if (labeller) tellLabeller(labeller.about, model, context);
  if (model.about.shipped) reporter.emit({ event: 'warning', message: DEMO_MODEL_NOTICE });

  const size = options.size ?? model.about.trainedSize ?? DEFAULT_SIZE;
  const names = outputNames(inputs.map((input) => input.name));
  const records: CaseRecord[] = [];
  let skipped = 0;
  let interrupted = false;
  try {
    for (const [index, input] of inputs.entries()) {
      const settings = settingsFor(
        input,
        { model, labeller, gate, backend, size, options, lungs, inputs: inputs.length },
        context,
      );
      try {
        signal.throwIfAborted();
        const { record, kept } = await doOne(
          input,
          names[index]!,
          folder,
          settings,
          options.continue === true,
        );
        records.push(record);
        if (kept) skipped++;
        tell(record, { input, index: index + 1, total: inputs.length, kept }, context);
      } catch (error) {
        if (isAbort(error, signal)) {
          interrupted = true;
          break;
        }
        const { code, message, hint } = inTermsOfOptions(describeFailure(error));
        reporter.emit({
          event: 'failure',
          input: input.path,
          code,
          message: naming(message, input.path),
          hint,
        });
        failures.push({
          input: input.name,
          code,
          message: naming(message, input.path).replaceAll(input.path, input.name),
          hint,
        });
      }
    }
  } finally {
    labeller?.network.dispose();
    await model.pool.dispose();
  }
  const seconds = (performance.now() - started) / 1000;
  const told = labeller && { labeller: labeller.about };
  return {
    folder,
    backend,
    model: model.about,
    ...told,
    ...(gate && { gate }),
    size,
    records,
    failures,
    skipped,
    interrupted,
    seconds,
  };
}

/** The model, with the slice gate in its pool where there is one. */
async function loadModels(
  model: string | undefined,
  { gate: file, gateThreshold = 0.5, ...options }: SegmentOptions,
  backend: SelectedBackend,
): Promise<{ readonly model: LoadedModel; readonly gate?: GateFacts }> {
  const workers = workersOf(options, backend);
  if (file === undefined) return { model: await loadModel(model, workers) };
  const { gate, about } = await loadGate(file, gateThreshold);
  try {
    return { model: await loadModel(model, { ...workers, gate }), gate: about };
  } finally {
    gate.dispose();
  }
}

/** @throws CliError `usage` where a GPU computes, which wants batches and no workers */
function workersOf(
  { workers = 0 }: Pick<SegmentOptions, 'workers'>,
  { name }: SelectedBackend,
): { readonly workers?: number; readonly backend?: 'wasm' | 'cpu' } {
  if (workers === 0) return { workers };
  if (name === 'wasm' || name === 'cpu') return { workers, backend: name };
  throw new CliError(
    'usage',
    `--workers is for the backends wasm and cpu, not ${name}`,
    'leave --workers out: there, slices go through the network in batches; or pass --backend wasm',
  );
}

/** Tells which inputs cannot be used. @throws CliError where none is left */
function checkInputs(
  inputs: readonly Input[],
  failures: readonly InputFailure[],
  { reporter }: CommandContext,
): void {
  const last = inputs.length === 0 ? failures.at(-1) : undefined;
  for (const failure of failures) if (failure !== last) reporter.emit({ event: 'failure', ...failure });
  if (last) throw new CliError(last.code, last.message, last.hint);
}

interface Shared {
  readonly model: LoadedModel;
  readonly labeller: Labeller | undefined;
  readonly gate: GateFacts | undefined;
  readonly backend: SelectedBackend;
  readonly size: number;
  readonly options: SegmentOptions;
  readonly lungs: LungSources;
  readonly inputs: number;
}

function settingsFor(
  input: Input,
  { model, labeller, gate, backend, size, options, lungs, inputs }: Shared,
  { reporter, signal }: CommandContext,
): SegmentSettings {
  return {
    model,
    ...(labeller && { labeller }),
    backend: backend.name,
    size,
    threshold: options.threshold,
    ...(options.window !== undefined && { window: options.window }),
    saveProbability: options.saveProbability === true,
    format: options.format ?? 'nii.gz',
    dicom: dicomChoice(options),
    allowUneven: options.allowUneven === true,
    ...(gate && { gate }),
    lungSources: lungs,
    budget: pictureBudget(inputs),
    signal,
    onSlice: (done, total) => {
      reporter.emit({ event: 'progress', task: 'segmenting', subject: input.path, done, total });
    },
  };
}

/** Says what the classes are, and where another Inf-Net guides than the one that the network was trained with. */
function tellLabeller(about: LabellerFacts, model: LoadedModel, { reporter }: CommandContext): void {
  const { name, sha256, prior } = about;
  reporter.emit({
    event: 'note',
    message: `classes by ${name} (sha256 ${sha256.slice(0, 12)}): ${legend(about)}`,
  });
  if (prior?.kind !== 'model' || prior.sha256 === model.about.sha256) return;
  reporter.emit({
    event: 'warning',
    message: `${name} was trained with the infection maps of ${prior.name}, and is guided by those of ${model.about.name}`,
  });
}

/** @throws CliError `usage` for `--gate-threshold` without a gate, and for a gate beside classes */
function checkGateChoice({ gate, gateThreshold, multiClass }: SegmentOptions): void {
  if (gate !== undefined && multiClass !== undefined) {
    throw new CliError('usage', '--gate does not go with --multi-class', 'leave one of them out');
  }
  if (gateThreshold === undefined || gate !== undefined) return;
  throw new CliError(
    'usage',
    '--gate-threshold is about the slice gate of --gate',
    'name the gate with --gate, or leave it out',
  );
}

/** @throws CliError `usage` for `--deidentify` without what it is about */
function checkDicomChoice({ dicom, deidentify }: SegmentOptions): void {
  if (deidentify !== true || dicom === true) return;
  throw new CliError(
    'usage',
    '--deidentify is about the objects that --dicom writes',
    'add --dicom, or leave it out: masks and reports name no patient',
  );
}

function dicomChoice({ dicom = false, deidentify = false }: SegmentOptions): DicomChoice {
  if (!dicom) return 'none';
  return deidentify ? 'deidentified' : 'full';
}

/** Segments an input, or takes its earlier result where `--continue` finds one that still holds. */
async function doOne(
  input: Input,
  name: string,
  folder: ResultFolder,
  settings: SegmentSettings,
  mayKeep: boolean,
): Promise<{ record: CaseRecord; kept: boolean }> {
  const opened = await openCase(input, settings);
  if (mayKeep) {
    const record = matchingRecord(await folder.readJson(`cases/${name}.json`), opened.key);
    if (record && (await folder.has(record.result.outputs.mask))) return { record, kept: true };
  }
  return { record: await segmentCase(opened, name, folder, settings), kept: false };
}

function tell(
  { result, page }: CaseRecord,
  about: { readonly input: Input; readonly index: number; readonly total: number; readonly kept: boolean },
  { reporter }: CommandContext,
): void {
  const { input, index, total, kept } = about;
  if (kept) {
    reporter.emit({
      event: 'skipped',
      input: input.path,
      reason: 'done before with the same model and options',
    });
    return;
  }
  const odd = result.checks.map(({ message, hint }) => `${input.path}: ${message}. ${hint}`);
  for (const message of [...result.warnings, ...odd]) {
    reporter.emit({ event: 'warning', input: input.path, message });
  }
  reporter.emit({
    event: 'case',
    input: input.path,
    index,
    total,
    finding: page.finding,
    mask: result.outputs.mask,
    seconds: result.seconds.total,
  });
}

/** What to do, by this command's options where the library's own are named. */
function inTermsOfOptions(failure: Failure): Failure {
  if (failure.code !== 'uneven-slices') return failure;
  const hint =
    'look for missing or foreign files; to segment it all the same, as if slices lay evenly, pass --allow-uneven';
  return { ...failure, hint };
}

/** The message, with the file in front where it does not name it. */
function naming(message: string, path: string): string {
  return message.includes(path) ? message : `${path}: ${message}`;
}
