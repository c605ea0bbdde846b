import type { DatasetSummary } from '../dataset-summary.js';
import { MetricsError } from '../errors.js';
import type { ScoreName } from '../scores.js';
import { bootstrapInterval, type BootstrapInterval, type BootstrapOptions } from './bootstrap.js';
import { pairedPermutationTest, type PermutationTest } from './permutation-test.js';
import type { Clusters } from './samples.js';
import { wilcoxonSignedRank, type WilcoxonTest } from './wilcoxon.js';

/** Tells which cases belong together, for example the patient of a slice. */
export type ClusterOf = (id: string) => string;

/** How two systems are compared. */
export interface ComparisonOptions extends Omit<BootstrapOptions, 'clusters'> {
  /** Default: every case stands for itself. */
  readonly clusterOf?: ClusterOf;
  /** Default 100,000. */
  readonly permutations?: number;
}

/** Two systems on the cases that both have. */
export interface SystemComparison {
  readonly score: ScoreName;
  /** Cases that only one of the two has: they are not compared. */
  readonly unpaired: number;
  /** Mean of a - b over the pairs with its interval; pairs without a defined value are excluded and counted. */
  readonly difference: BootstrapInterval;
  readonly permutation: PermutationTest;
  readonly wilcoxon: WilcoxonTest;
  /** Pairs in which a is above, below, and equal to b: above is worse for an error. */
  readonly above: number;
  readonly below: number;
  readonly equal: number;
}

/**
 * Compares the cases of two systems in one score: the mean difference with its bootstrap interval, the paired permutation
 * test, and Wilcoxon's signed-rank test. With `clusterOf` all three treat a patient, not a slice, as the unit.
 *
 * The values compared are those of single cases. A score that is a maximum over the averaged curve (`maxDice`) is compared
 * by the cases' own maxima.
 *
 * @param a summary with rows (`keepCases`), of the same definition as `b`
 * @throws MetricsError `definition-mismatch`; `invalid-option` without rows or without a case in common
 *
 * @example
 * ```ts
 * import { DatasetEvaluator } from '@infnet/metrics';
 * import { compareSystems } from '@infnet/metrics/stats';
 *
 * const [ours, theirs] = [new DatasetEvaluator(), new DatasetEvaluator()];
 * for (const id of ['a', 'b', 'c', 'd']) {
 *   const truth = Uint8Array.of(1, 1, 0, 0);
 *   ours.add(id, Float32Array.of(0.9, 0.8, 0.1, 0), truth, { width: 2, height: 2 });
 *   theirs.add(id, Float32Array.of(0.9, 0.2, 0.1, 0), truth, { width: 2, height: 2 });
 * }
 * const { difference, permutation } = compareSystems(ours.summary(), theirs.summary(), 'diceAtHalf');
 * console.log(difference.value.toFixed(3), permutation.pValue); // 0.333 0.125
 * ```
 */
export function compareSystems(
  a: DatasetSummary,
  b: DatasetSummary,
  score: ScoreName,
  options: ComparisonOptions = {},
): SystemComparison {
  if (JSON.stringify(a.definition) !== JSON.stringify(b.definition)) {
    throw new MetricsError(
      'definition-mismatch',
      'the two systems were measured by different definitions',
      'measure both with the same options and the same version of @infnet/metrics',
    );
  }
  const { clusterOf, permutations, ...bootstrap } = options;
  const others = new Map(b.rows.map((row) => [row.id, row.scores[score] ?? NaN]));
  const pairs = a.rows.filter((row) => others.has(row.id));
  if (pairs.length === 0) {
    throw new MetricsError(
      'invalid-option',
      'the two systems have no case in common',
      'keep the rows (keepCases: true) and give the same case the same id in both',
    );
  }
  const first = pairs.map((row) => row.scores[score] ?? NaN);
  const second = pairs.map((row) => others.get(row.id)!);
  const differences = first.map((value, i) => value - second[i]!);
  const clusters: { clusters?: Clusters } = clusterOf
    ? { clusters: pairs.map(({ id }) => clusterOf(id)) }
    : {};
  const seed = options.seed ?? 0;
  return {
    score,
    unpaired: a.rows.length + b.rows.length - 2 * pairs.length,
    difference: bootstrapInterval(differences, { ...bootstrap, ...clusters }),
    permutation: pairedPermutationTest(first, second, {
      seed,
      ...clusters,
      ...(permutations === undefined ? {} : { permutations }),
    }),
    wilcoxon: wilcoxonSignedRank(first, second, clusters),
    above: differences.filter((difference) => difference > 0).length,
    below: differences.filter((difference) => difference < 0).length,
    equal: differences.filter((difference) => difference === 0).length,
  };
}

/**
 * The mean of a score over a summary's cases with its bootstrap interval.
 *
 * @throws MetricsError as {@link bootstrapInterval}
 *
 * @example
 * ```ts
 * import { DatasetEvaluator } from '@infnet/metrics';
 * import { scoreInterval } from '@infnet/metrics/stats';
 *
 * const evaluator = new DatasetEvaluator();
 * const truth = Uint8Array.of(1, 1, 0, 0);
 * evaluator.add('anna-1', Float32Array.of(0.9, 0.8, 0.1, 0), truth, { width: 2, height: 2 });
 * evaluator.add('anna-2', Float32Array.of(0.9, 0.2, 0.1, 0), truth, { width: 2, height: 2 });
 * evaluator.add('berta-1', Float32Array.of(0.9, 0.9, 0.9, 0), truth, { width: 2, height: 2 });
 * const interval = scoreInterval(evaluator.summary(), 'diceAtHalf', {
 *   clusterOf: (id) => id.slice(0, id.indexOf('-')),
 * });
 * console.log(interval.value.toFixed(3), interval.resampled, interval.units); // 0.822 cluster 2
 * ```
 */
export function scoreInterval(
  { rows }: DatasetSummary,
  score: ScoreName,
  { clusterOf, ...bootstrap }: Omit<ComparisonOptions, 'permutations'> = {},
): BootstrapInterval {
  return bootstrapInterval(
    rows.map((row) => row.scores[score] ?? NaN),
    { ...bootstrap, ...(clusterOf ? { clusters: rows.map(({ id }) => clusterOf(id)) } : {}) },
  );
}
