import { selectBackend, type SelectedBackend } from '@infnet/core-model';
import type { CommandContext } from '../context.js';
import { CliError, describeFailure, isAbort } from '../errors.js';
import { findInputs, type Input, type InputFailure } from '../inputs/find-inputs.js';
import { outputNames } from '../outputs/output-names.js';
import { ResultFolder } from '../outputs/result-folder.js';
import { matchingRecord, type CaseRecord } from './case-result.js';
import { pictureBudget } from './collect-pictures.js';
import { loadGate, type GateFacts } from './load-gate.js';
import { DEMO_MODEL_NOTICE, loadModel, type LoadedModel } from './load-model.js';
import { guideOf, loadLabeller, type Labeller, type LabellerFacts } from './labeller.js';
import { lungSources, type LungSources } from './lung-source.js';
import { openCase, segmentCase, type SegmentSettings } from './segment-case.js';
import { checkOptions, dicomChoice, workersOf, type SegmentOptions } from './segment-options.js';
import { tellCase, tellFailure, tellLabeller } from './tell.js';
import { DEFAULT_SIZE } from './trained-size.js';

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
  checkOptions(options);
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
        tellCase(record, { input, index: index + 1, total: inputs.length, kept }, context);
      } catch (error) {
        if (isAbort(error, signal)) {
          interrupted = true;
          break;
        }
        failures.push(tellFailure(input, describeFailure(error), context));
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
