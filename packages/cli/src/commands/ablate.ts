import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ABLATIONS, readWeights } from '@infnet/core-model';
import { PRESETS, resolveRecipe } from '@infnet/semi-supervised';
import { AblationFolder, type AblationConfig } from '../ablate/ablation-folder.js';
import { backboneOf } from '../ablate/backbone-of.js';
import {
  ablationCsv,
  ablationJson,
  ablationLatex,
  ablationMarkdown,
  ablationTable,
  closing,
  type AblationResults,
  type FailedRun,
} from '../ablate/files.js';
import { gatherSlices, hashTest, type AblationSlices } from '../ablate/slices.js';
import { tableRows } from '../ablate/table-rows.js';
import { trainRow, type RowSettings } from '../ablate/train-row.js';
import { outcomeOf, type CommandContext, type Outcome } from '../context.js';
import { CliError, describeFailure, isAbort } from '../errors.js';
import { readModelBytes } from '../inputs/read-model-bytes.js';
import { atomicWrite } from '../outputs/atomic-write.js';
import { ensureWritableFolder } from '../outputs/writable.js';
import { resumable } from '../train/resumable.js';
import { ensureFolder, overridesOf, startBackend, type TrainingChoices } from '../train/start.js';
import { VERSION } from '../version.js';

/** Options of `infnet ablate`. */
export interface AblateOptions extends TrainingChoices {
  readonly output: string;
  readonly test?: string;
  readonly rows: readonly number[];
  readonly seeds: number;
  readonly backend: string;
  readonly resume?: boolean;
}

/** Trains the networks of Table IV, measures them, and prints the table. */
export async function ablate(
  data: string,
  options: AblateOptions,
  context: CommandContext,
): Promise<Outcome> {
  const { output, test, validation } = options;
  await ensureFolder(data, 'Imgs/ and GT/');
  if (test !== undefined) await ensureFolder(test, 'Imgs/ and GT/');
  else if (!validation) {
    throw new CliError(
      'usage',
      'nothing is left to measure on',
      'name slices with --test, or leave out --no-validation',
    );
  }
  await ensureWritableFolder(output);
  return resumable(output, context, () => run(data, options, context));
}

async function run(data: string, options: AblateOptions, context: CommandContext): Promise<Outcome> {
  const { reporter, signal } = context;
  const { preset, width, init, output } = options;
  const recipe = resolveRecipe(preset, overridesOf(options), { pretrained: init !== undefined });
  const network = { ...PRESETS[preset].network, ...(width !== undefined && { width }) };
  const weights = init === undefined ? null : await readModelBytes(init);
  const { backend, workers } = await startBackend(options, reporter);
  const { test, ...sources } = { test: options.test, data, choices: options, size: recipe.size, signal };
  const slices = await gatherSlices({ ...sources, test });
  for (const { code, message, hint, subject } of slices.problems) {
    reporter.emit({ event: 'failure', input: subject, code, message, hint });
  }
  const config: AblationConfig = {
    format: 'infnet-ablation',
    version: VERSION,
    backend: backend.name,
    recipe,
    network,
    init: weights && createHash('sha256').update(weights).digest('hex'),
    data: slices.sha256,
    validation: validationText(options),
  };
  const folder = await AblationFolder.open(output, config, { resume: options.resume === true });
  const backbone = weights && backboneOf(readWeights(weights).dict);
  const failed = await trainRows(options, slices, { workers, recipe, network, backbone }, folder, context);
  const runs = await folder.scores();
  const results = { config, runs, failed, rows: tableRows(runs) };
  if (runs.length > 0) {
    reporter.answer(ablationTable(results));
    await writeFiles(results, folder.path, context);
  }
  reporter.emit({ event: 'note', message: closing(results) });
  const done = options.rows.length * options.seeds - failed.length;
  return outcomeOf({ done, failed: failed.length + (done > 0 ? slices.problems.length : 0) });
}

/** Trains what is not done yet: all rows from one seed before the next, so that the table is soon whole. */
async function trainRows(
  { rows, seed: first, seeds }: AblateOptions,
  slices: AblationSlices,
  settings: RowSettings,
  folder: AblationFolder,
  context: CommandContext,
): Promise<FailedRun[]> {
  const { reporter, signal } = context;
  const failed: FailedRun[] = [];
  const done = await folder.scores();
  const plan = Array.from({ length: seeds }, (_, i) => rows.map((row) => ({ row, seed: first + i }))).flat();
  for (const [index, { row, seed }] of plan.entries()) {
    const ablation = ABLATIONS.find((one) => one.row === row)!;
    const own = slices.of(seed);
    const test = await hashTest(own.test);
    const stage = `No. ${row}, ${ablation.name}, seed ${seed}`;
    if (done.some((scores) => scores.row === row && scores.seed === seed && scores.test === test)) {
      reporter.emit({ event: 'skipped', input: stage, reason: 'done before' });
      continue;
    }
    reporter.emit({ event: 'stage', stage, number: index + 1, stages: plan.length });
    try {
      const scores = await trainRow(
        { ablation, seed, slices: own, test, folder: folder.run(row, seed) },
        settings,
        context,
      );
      await folder.saveScores(scores);
    } catch (error) {
      if (isAbort(error, signal)) throw error;
      const { code, message, hint } = describeFailure(error);
      failed.push({ row, seed, code, message });
      reporter.emit({ event: 'failure', input: stage, code, message: `${stage}: ${message}`, hint });
    }
  }
  return failed;
}

async function writeFiles(
  results: AblationResults,
  folder: string,
  { reporter }: CommandContext,
): Promise<void> {
  const files = [
    ['numbers', 'results.json', ablationJson],
    ['trainings', 'results.csv', ablationCsv],
    ['table', 'table.md', ablationMarkdown],
    ['table', 'table.tex', ablationLatex],
  ] as const;
  for (const [what, name, make] of files) {
    const path = join(folder, name);
    await atomicWrite(path, make(results));
    reporter.emit({ event: 'written', what, path });
  }
}

function validationText({ validation, valDir, valFraction }: TrainingChoices): string {
  if (!validation) return 'none';
  return valDir === undefined ? `share ${valFraction ?? 0.16}` : 'folder';
}
