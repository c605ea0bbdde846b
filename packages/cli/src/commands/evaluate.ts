import type { EmptyPolicy, ProtocolName } from '@infnet/metrics';
import type { ClusterOf } from '@infnet/metrics/stats';
import { outcomeOf, type CommandContext, type Outcome } from '../context.js';
import { readClusterRule } from '../evaluate/clusters.js';
import { COLUMNS, valueOf } from '../evaluate/columns.js';
import { compareResults, type Comparison } from '../evaluate/comparison.js';
import {
  evaluationCsv,
  evaluationJson,
  evaluationLatex,
  evaluationMarkdown,
  masksCsv,
  volumesCsv,
} from '../evaluate/files.js';
import { parseLabels, type LabelClass } from '../evaluate/labels.js';
import { filesByStem, pairFiles } from '../evaluate/pairs.js';
import { scoreSystem, type SystemResult } from '../evaluate/score-system.js';
import { nameSystems, type System } from '../evaluate/systems.js';
import { comparisonTables, macroTable } from '../evaluate/table.js';
import { describeFailure } from '../errors.js';
import { atomicWrite } from '../outputs/atomic-write.js';
import { ensureWritableFiles } from '../outputs/writable.js';
import { evaluationPage } from '../report/evaluation-page.js';
import { drawWorstCases } from '../report/evaluation/draw-worst-cases.js';

/** Options of `infnet evaluate`. */
export interface EvaluateOptions {
  readonly pred: readonly string[];
  readonly gt: string;
  readonly protocol: ProtocolName;
  readonly empty?: EmptyPolicy;
  readonly labels?: string;
  readonly cluster?: string;
  readonly masks?: boolean;
  readonly resamples: number;
  readonly seed: number;
  readonly images?: string;
  readonly worst: number;
  readonly json?: string;
  readonly csv?: string;
  readonly csvVolumes?: string;
  readonly csvMasks?: string;
  readonly markdown?: string;
  readonly latex?: string;
  readonly html?: string;
}

/** What is known before the first map is read. */
interface Plan {
  readonly truths: ReadonlyMap<string, readonly string[]>;
  readonly images: ReadonlyMap<string, readonly string[]> | undefined;
  readonly labels: readonly LabelClass[] | undefined;
  readonly clusterOf: ClusterOf | undefined;
}

/** Measures several systems against one ground truth, and against each other. */
export async function evaluate(options: EvaluateOptions, context: CommandContext): Promise<Outcome> {
  const { reporter } = context;
  const systems = nameSystems(options.pred);
  const { json, csv, csvVolumes, csvMasks, markdown, latex, html } = options;
  await ensureWritableFiles([json, csv, csvVolumes, csvMasks, markdown, latex, html]);
  const plan: Plan = {
    labels: options.labels === undefined ? undefined : parseLabels(options.labels),
    clusterOf: options.cluster === undefined ? undefined : await readClusterRule(options.cluster),
    truths: await filesByStem(options.gt),
    images: options.images === undefined ? undefined : await filesByStem(options.images),
  };
  const results: SystemResult[] = [];
  let failed = 0;
  for (const system of systems) {
    const result = await scoreOne(system, plan, options, context);
    failed += result === undefined ? 1 : result.failures.length;
    if (result && result.pairs.length > 0) results.push(result);
  }
  if (results.length > 0) {
    const clusterOf = plan.clusterOf ?? (results.some(({ hasVolumes }) => hasVolumes) ? volumeOf : undefined);
    const comparisons = compareResults(results, { ...options, clusterOf });
    const tables = comparisons.map(comparisonTables);
    reporter.answer(
      [...tables, ...(comparisons.length > 1 ? [macroTable(comparisons, results)] : [])].join('\n\n'),
    );
    await writeFiles(comparisons, results, plan, options, context);
  }
  return outcomeOf({ done: results.reduce((sum, { pairs }) => sum + pairs.length, 0), failed });
}

/** Slices of a volume are no independent cases. */
function volumeOf(id: string): string {
  return id.replace(/ #\d+$/, '');
}

/** One system's result; undefined where its folder cannot be used, which is told. */
async function scoreOne(
  system: System,
  { truths, labels, clusterOf }: Plan,
  { protocol, empty, masks, csvMasks }: EvaluateOptions,
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
    empty,
    signal,
    labels,
    clusterOf,
    masks: masks === true || csvMasks !== undefined,
    onCase: ({ id }, done, total) => {
      reporter.emit({ event: 'progress', task: system.name, subject: id, done: done + 1, total });
    },
    onFailure: (failure) => reporter.emit({ event: 'failure', ...failure }),
    onWarning: (input, message) => reporter.emit({ event: 'warning', input, message }),
  });
  for (const { label, summary } of result.parts) {
    const scores = Object.fromEntries(
      COLUMNS.map(({ score }) => {
        const value = valueOf(summary, score);
        return [score, Number.isNaN(value) ? null : value];
      }),
    );
    const part = label ? { label: label.name } : {};
    reporter.emit({ event: 'scores', system: system.name, ...part, protocol, cases: summary.cases, scores });
  }
  return result;
}

async function writeFiles(
  comparisons: readonly Comparison[],
  results: readonly SystemResult[],
  { images }: Plan,
  { gt, json, csv, csvVolumes, csvMasks, markdown, latex, html, worst }: EvaluateOptions,
  { reporter, signal }: CommandContext,
): Promise<void> {
  const page = async (): Promise<string> => {
    const pictures = [];
    for (const comparison of comparisons) {
      pictures.push(await drawWorstCases(comparison, results, { limit: worst, images, signal }));
    }
    return evaluationPage({ comparisons, results, groundTruth: gt, pictures });
  };
  const files: readonly (readonly [string, string | undefined, () => string | Promise<string>])[] = [
    ['numbers', json, () => evaluationJson(comparisons, results, gt)],
    ['cases', csv, () => evaluationCsv(comparisons)],
    ['volumes', csvVolumes, () => volumesCsv(comparisons)],
    ['masks', csvMasks, () => masksCsv(comparisons)],
    ['table', markdown, () => evaluationMarkdown(comparisons)],
    ['table', latex, () => evaluationLatex(comparisons)],
    ['page', html, page],
  ];
  for (const [what, path, make] of files) {
    if (path === undefined) continue;
    await atomicWrite(path, await make());
    reporter.emit({ event: 'written', what, path });
  }
}
