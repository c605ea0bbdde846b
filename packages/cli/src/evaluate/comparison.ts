import type { DatasetSummary, ScoreName } from '@infnet/metrics';
import type { VolumesSummary } from '@infnet/metrics/volumes';
import {
  compareSystems,
  holm,
  scoreInterval,
  type BootstrapInterval,
  type ClusterOf,
  type SystemComparison,
} from '@infnet/metrics/stats';
import type { LabelClass } from './labels.js';
import type { MaskSummary } from './mask-measures.js';
import type { SystemResult } from './score-system.js';

/** Several systems beside each other on the same ground truth (of one class). */
export interface Comparison {
  readonly label: LabelClass | undefined;
  readonly systems: readonly ComparedSystem[];
  /** Every pair of systems, for each of {@link TESTED}. */
  readonly tests: readonly PairTest[];
}

/** One system of a comparison. */
export interface ComparedSystem {
  readonly name: string;
  readonly folder: string;
  readonly summary: DatasetSummary;
  readonly other: DatasetSummary;
  readonly volumes: VolumesSummary;
  readonly masks: MaskSummary | undefined;
  readonly intervals: Partial<Readonly<Record<ScoreName, BootstrapInterval>>>;
}

/** Whether two systems differ in one score, and by how much. */
export interface PairTest {
  readonly first: string;
  readonly second: string;
  readonly result: SystemComparison;
  /** The permutation test's p, adjusted (Holm) for all pairs of systems in this score. */
  readonly adjusted: number;
}

/** How sure the figures are is found out like this. */
export interface ComparisonOptions {
  readonly clusterOf?: ClusterOf | undefined;
  readonly resamples: number;
  readonly seed: number;
}

/** Scores that are means over cases, so that an interval can be given. A maximum of the averaged curve is none. */
const WITH_INTERVAL: readonly ScoreName[] = [
  'meanDice',
  'diceAtHalf',
  'meanSensitivity',
  'meanSpecificity',
  'structureMeasure',
  'meanEMeasure',
  'meanAbsoluteError',
];
/** Scores in which systems are tested against each other; more would mean more chance findings. */
const TESTED: readonly ScoreName[] = ['diceAtHalf', 'meanDice'];

/** Puts the systems' scores side by side: one comparison, or one per class. */
export function compareResults(results: readonly SystemResult[], options: ComparisonOptions): Comparison[] {
  return results[0]!.parts.map(({ label }, part) => {
    const systems = results.map(({ name, folder, parts }) => {
      const { summary, other, volumes, masks } = parts[part]!;
      return { name, folder, summary, other, volumes, masks, intervals: intervalsOf(summary, options) };
    });
    return { label, systems, tests: TESTED.flatMap((score) => testPairs(systems, score, options)) };
  });
}

function intervalsOf(
  summary: DatasetSummary,
  { clusterOf, resamples, seed }: ComparisonOptions,
): ComparedSystem['intervals'] {
  return Object.fromEntries(
    WITH_INTERVAL.map((score) => [
      score,
      scoreInterval(summary, score, { resamples, seed, ...(clusterOf ? { clusterOf } : {}) }),
    ]),
  );
}

function testPairs(
  systems: readonly Omit<ComparedSystem, 'intervals'>[],
  score: ScoreName,
  { clusterOf, resamples, seed }: ComparisonOptions,
): PairTest[] {
  const pairs = systems.flatMap((first, i) => systems.slice(i + 1).map((second) => [first, second] as const));
  const compared = pairs.flatMap(([first, second]) => {
    const known = new Set(second.summary.rows.map(({ id }) => id));
    if (!first.summary.rows.some(({ id }) => known.has(id))) return [];
    const result = compareSystems(first.summary, second.summary, score, {
      resamples,
      permutations: resamples,
      seed,
      ...(clusterOf ? { clusterOf } : {}),
    });
    return [{ first: first.name, second: second.name, result }];
  });
  const adjusted = holm(compared.map(({ result }) => result.permutation.pValue));
  return compared.map((test, i) => ({ ...test, adjusted: adjusted[i]! }));
}

/** How intervals and tests were made, in words. */
export function methodLine({ systems, tests }: Comparison): string {
  const interval = systems[0]!.intervals.diceAtHalf!;
  const parts = [
    `${Math.round(100 * interval.level)} % intervals: bootstrap (${interval.method}) by ${interval.resampled === 'cluster' ? 'patient' : 'case'}, ${interval.resamples} resamples, seed ${interval.seed}`,
  ];
  const test = tests[0]?.result;
  if (test) {
    const { permutation, wilcoxon } = test;
    const many = permutation.method === 'exact' ? 'exact' : `${permutation.permutations} permutations`;
    parts.push(
      `tests: paired, by ${permutation.exchanged === 'cluster' ? 'patient' : 'case'}; permutation (${many}), Wilcoxon (${wilcoxon.method}); Holm over all pairs`,
    );
  }
  return parts.join('; ');
}
