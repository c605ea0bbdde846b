import { rm } from 'node:fs/promises';
import { splitVolumes } from '@infnet/io-medical';
import type { DatasetOptions } from '../commands/dataset.js';
import type { CommandContext } from '../context.js';
import { CliError, describeFailure, isAbort } from '../errors.js';
import { findInputs, type Input, type InputFailure } from '../inputs/find-inputs.js';
import { openInput } from '../inputs/read-input.js';
import { outputNames } from '../outputs/output-names.js';
import { ResultFolder } from '../outputs/result-folder.js';
import { tellWarnings } from '../progress/tell-warnings.js';
import { lungSources, type LungSources } from '../segment/lung-source.js';
import { checkWindow } from '../segment/check-window.js';
import { asDatasetCase, type DatasetCase, type DatasetFolder, type DatasetKey } from './case-record.js';
import { writeManifest } from './manifest.js';
import { pairMasks } from './pair-masks.js';
import { writeCase } from './write-case.js';

/** How a build went. */
export interface DatasetRun {
  readonly done: number;
  readonly kept: number;
  readonly failed: number;
  readonly interrupted: boolean;
}

/** One volume with everything that was decided about it before it is read. */
interface Plan {
  readonly input: Input;
  readonly mask: Input | undefined;
  readonly name: string;
  readonly folder: DatasetFolder;
}

/** Makes the slices of every volume; a volume that fails is told and left out. */
export async function buildDataset(
  arguments_: readonly string[],
  options: DatasetOptions,
  context: CommandContext,
): Promise<DatasetRun> {
  const { reporter, signal } = context;
  checkWindow(options.window);
  const { inputs, failures: notFound } = await findInputs(arguments_, options.output);
  for (const failure of notFound) reporter.emit({ event: 'failure', ...failure });
  if (inputs.length === 0) {
    throw new CliError(
      'no-images',
      'none of the inputs can be used',
      'name DICOM folders or volumes such as .nii.gz',
    );
  }
  const plans = await plan(inputs, options, context);
  const lungs = await lungSources(options.lungMask, inputs);
  const reuse = options.overwrite === true || options.continue === true;
  const folder = await ResultFolder.open(options.output, { reuse });
  if (options.overwrite === true) await removeEarlier(folder);

  const cases: DatasetCase[] = [];
  const failures: InputFailure[] = [...notFound];
  let kept = 0;
  let interrupted = false;
  for (const [index, entry] of plans.entries()) {
    try {
      signal.throwIfAborted();
      const started = performance.now();
      const { record, isKept } = await doOne(entry, folder, lungs, options, context);
      cases.push(record);
      if (isKept) kept++;
      else {
        const seconds = (performance.now() - started) / 1000;
        tell(entry, record, { index: index + 1, total: plans.length, seconds }, context);
      }
    } catch (error) {
      if (isAbort(error, signal)) {
        interrupted = true;
        break;
      }
      const failure = describeFailure(error);
      const { path, name } = entry.input;
      reporter.emit({ event: 'failure', input: path, ...failure });
      const shown = options.anonymous === true ? entry.name : name;
      failures.push({ ...failure, input: shown, message: failure.message.replaceAll(path, shown) });
    }
  }
  await writeManifest(folder, {
    cases,
    failures: shownFailures(failures, notFound, options),
    options,
    interrupted,
  });
  return { done: cases.length - kept, kept, failed: failures.length, interrupted };
}

/** Decides on names, masks and parts, which depend on all volumes. */
async function plan(
  inputs: readonly Input[],
  options: DatasetOptions,
  { reporter }: CommandContext,
): Promise<Plan[]> {
  const { maskOf, unused } = await pairMasks(options.masks, inputs, options.output);
  for (const path of unused) {
    reporter.emit({ event: 'warning', message: `${path}: a mask without a volume of its name`, input: path });
  }
  const digits = Math.max(3, String(inputs.length).length);
  const names =
    options.anonymous === true
      ? inputs.map((_, i) => `case-${String(i + 1).padStart(digits, '0')}`)
      : outputNames(inputs.map(({ name }) => name));
  const labelled = names.filter((_, i) => maskOf(inputs[i]!) !== undefined);
  const parts = splitVolumes(labelled, { validation: options.val, test: options.test, seed: options.seed });
  return inputs.map((input, i) => {
    const name = names[i]!;
    return { input, mask: maskOf(input), name, folder: parts.get(name) ?? 'unlabelled' };
  });
}

/** Writes one volume's slices, or keeps the earlier ones where `--continue` finds that they still hold. */
async function doOne(
  { input, mask, name, folder: part }: Plan,
  folder: ResultFolder,
  lungs: LungSources,
  options: DatasetOptions,
  { reporter, signal }: CommandContext,
): Promise<{ record: DatasetCase; isKept: boolean }> {
  const how = { allowUneven: options.allowUneven === true };
  const volume = await openInput(input, signal, how);
  const openedMask = mask && (await openInput(mask, signal, how));
  const source = await lungs(input);
  const key: DatasetKey = {
    volumeSha256: volume.sha256,
    maskSha256: openedMask?.sha256 ?? null,
    lungs: source.kind === 'file' ? source.sha256 : source.kind,
    folder: part,
    window: options.window ?? null,
    marginMm: options.margin,
    leastLung: options.leastLung,
    every: options.every,
    labels: options.labels === true,
    edges: options.edges === true,
  };
  const earlier = asDatasetCase(await folder.readJson(`cases/${name}.json`));
  if (earlier !== undefined) {
    const isSame = JSON.stringify(earlier.key) === JSON.stringify(key);
    if (isSame && (await hasFiles(folder, earlier))) {
      reporter.emit({ event: 'skipped', input: input.path, reason: 'done before in the same way' });
      return { record: earlier, isKept: true };
    }
    await removeCase(folder, earlier);
  }
  const record = await writeCase(
    {
      key,
      name,
      volume,
      ...(openedMask !== undefined && { mask: openedMask }),
      lungs: source,
      anonymous: options.anonymous === true,
      signal,
      onSlice: (done, total) => {
        reporter.emit({ event: 'progress', task: 'slicing', subject: input.path, done, total });
      },
    },
    folder,
  );
  return { record, isKept: false };
}

async function hasFiles(folder: ResultFolder, { slices }: DatasetCase): Promise<boolean> {
  for (const { files } of slices) {
    for (const path of Object.keys(files)) if (!(await folder.has(path))) return false;
  }
  return true;
}

/** Removes what an earlier build wrote, and nothing else that lies in the folder. */
async function removeEarlier(folder: ResultFolder): Promise<void> {
  for (const name of await folder.list('cases')) {
    const earlier = asDatasetCase(await folder.readJson(`cases/${name}`));
    if (earlier !== undefined) await removeCase(folder, earlier);
  }
}

async function removeCase(folder: ResultFolder, { name, slices }: DatasetCase): Promise<void> {
  // The record first: a build that is stopped here does not find slices that are not there.
  const paths = slices.flatMap(({ files }) => Object.keys(files));
  for (const path of [`cases/${name}.json`, ...paths]) {
    if (isOwn(path)) await rm(folder.at(path), { force: true });
  }
}

/** A record may have been edited; nothing outside the folder is ever removed. */
function isOwn(path: string): boolean {
  return /^(?:cases|train|val|test|unlabelled)\/(?:(?:Imgs|GT|Edge)\/)?[^/\\]+$/.test(path);
}

function shownFailures(
  failures: readonly InputFailure[],
  notFound: readonly InputFailure[],
  { anonymous }: DatasetOptions,
): InputFailure[] {
  if (anonymous !== true) return [...failures];
  return failures.map((failure) =>
    notFound.includes(failure)
      ? { ...failure, input: 'an input', message: 'an input could not be found' }
      : failure,
  );
}

function tell(
  { input, folder }: Plan,
  record: DatasetCase,
  { index, total, seconds }: { readonly index: number; readonly total: number; readonly seconds: number },
  { reporter }: CommandContext,
): void {
  tellWarnings(input.path, record, reporter);
  reporter.emit({
    event: 'case',
    input: input.path,
    index,
    total,
    finding: `${record.slices.length} of ${record.slicesInVolume} slices to ${folder}/`,
    mask: `${folder}/${folder === 'unlabelled' ? 'Imgs' : 'GT'}`,
    seconds,
  });
}
