import type { ProtocolName } from '@infnet/metrics';
import { outcomeOf, type CommandContext, type Outcome } from '../context.js';
import { COLUMNS, valueOf } from '../evaluate/columns.js';
import { evaluationCsv, evaluationJson } from '../evaluate/files.js';
import { filesByStem, pairFiles } from '../evaluate/pairs.js';
import { scoreSystem, type SystemResult } from '../evaluate/score-system.js';
import { nameSystems, type System } from '../evaluate/systems.js';
import { scoreTable } from '../evaluate/table.js';
import { describeFailure } from '../errors.js';
import { atomicWrite } from '../outputs/atomic-write.js';
import { ensureWritableFiles } from '../outputs/writable.js';
import { evaluationPage } from '../report/evaluation-page.js';

/** Options of `infnet evaluate`. */
export interface EvaluateOptions {
  readonly pred: readonly string[];
  readonly gt: string;
  readonly protocol: ProtocolName;
  readonly json?: string;
  readonly csv?: string;
  readonly html?: string;
}

/** Measures several systems against one ground truth. */
export async function evaluate(options: EvaluateOptions, context: CommandContext): Promise<Outcome> {
  const { reporter } = context;
  const systems = nameSystems(options.pred);
  await ensureWritableFiles([options.json, options.csv, options.html]);
  const truths = await filesByStem(options.gt);

  const results: SystemResult[] = [];
  let failed = 0;
  for (const system of systems) {
    const result = await scoreOne(system, truths, options, context);
    failed += result === undefined ? 1 : result.failures.length;
    if (result && result.summary.cases > 0) results.push(result);
  }
  const done = results.reduce((sum, { summary }) => sum + summary.cases, 0);
  if (results.length > 0) {
    reporter.answer(scoreTable(results));
    await writeFiles(results, options, context);
  }
  return outcomeOf({ done, failed });
}

/** One system's result; undefined where its folder cannot be used, which is told. */
async function scoreOne(
  system: System,
  truths: ReadonlyMap<string, readonly string[]>,
  { protocol }: EvaluateOptions,
  { reporter, signal }: CommandContext,
): Promise<SystemResult | undefined> {
  let predictions: Map<string, string[]>;
  try {
    predictions = await filesByStem(system.folder);
  } catch (error) {
    reporter.emit({ event: 'failure', input: system.folder, ...describeFailure(error) });
    return undefined;
  }
  const result = await scoreSystem(system, pairFiles(predictions, truths), {
    protocol,
    signal,
    onCase: ({ id }, done, total) => {
      reporter.emit({ event: 'progress', task: system.name, subject: id, done: done + 1, total });
    },
    onFailure: (failure) => reporter.emit({ event: 'failure', ...failure }),
    onWarning: (input, message) => reporter.emit({ event: 'warning', input, message }),
  });
  const { summary } = result;
  const scores = Object.fromEntries(
    COLUMNS.map(({ score }) => {
      const value = valueOf(summary, score);
      return [score, Number.isNaN(value) ? null : value];
    }),
  );
  reporter.emit({ event: 'scores', system: system.name, protocol, cases: summary.cases, scores });
  return result;
}

async function writeFiles(
  results: readonly SystemResult[],
  { gt, json, csv, html }: EvaluateOptions,
  { reporter }: CommandContext,
): Promise<void> {
  const files: readonly (readonly [string, string | undefined, () => string])[] = [
    ['numbers', json, () => evaluationJson(results, gt)],
    ['table', csv, () => evaluationCsv(results)],
    ['page', html, () => evaluationPage(results, gt)],
  ];
  for (const [what, path, make] of files) {
    if (path === undefined) continue;
    await atomicWrite(path, make());
    reporter.emit({ event: 'written', what, path });
  }
}
