import { MetricsError } from '../errors.js';

/** Groups of values that belong together, such as the slices of one patient: one label per value. */
export type Clusters = readonly (string | number)[];

/** Throws unless the option is a whole number of at least `least`. */
export function checkCount(option: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least && value <= 10_000_000) return value;
  throw new MetricsError(
    'invalid-option',
    `${option} is ${value}`,
    `pass a whole number from ${least} to 10000000`,
  );
}

/** @throws MetricsError `length-mismatch` */
function checkSameLength(name: string, actual: number, expected: number): void {
  if (actual === expected) return;
  throw new MetricsError(
    'length-mismatch',
    `${name} holds ${actual} entries, but there are ${expected} values`,
    'pass one entry per case, in the same order',
  );
}

/** Values that are defined, each with its cluster, and how many were left out because they are NaN. */
export interface DefinedSample {
  readonly values: Float64Array;
  /** Index of each value's cluster, 0 .. count - 1; every value is its own cluster where none were given. */
  readonly cluster: Int32Array;
  readonly clusters: number;
  readonly excluded: number;
}

/**
 * Leaves NaN out and numbers the clusters in order of appearance.
 *
 * @throws MetricsError `length-mismatch`; `not-finite` for Infinity, which no resampling can place
 */
export function definedSample(values: ArrayLike<number>, clusters: Clusters | undefined): DefinedSample {
  if (clusters) checkSameLength('clusters', clusters.length, values.length);
  const kept: number[] = [];
  const cluster: number[] = [];
  const numbers = new Map<string | number, number>();
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    if (!Number.isFinite(value)) {
      throw new MetricsError(
        'not-finite',
        `values holds ${value} at index ${i}`,
        'give missed lesions a finite penalty, or test a bounded score such as Dice or NSD',
      );
    }
    const label = clusters ? clusters[i]! : i;
    if (!numbers.has(label)) numbers.set(label, numbers.size);
    kept.push(value);
    cluster.push(numbers.get(label)!);
  }
  return {
    values: Float64Array.from(kept),
    cluster: Int32Array.from(cluster),
    clusters: numbers.size,
    excluded: values.length - kept.length,
  };
}

/** Sum and number of the values of each cluster. */
export function clusterSums({ values, cluster, clusters }: DefinedSample): {
  sums: Float64Array;
  counts: Float64Array;
} {
  const sums = new Float64Array(clusters);
  const counts = new Float64Array(clusters);
  values.forEach((value, i) => {
    sums[cluster[i]!]! += value;
    counts[cluster[i]!]!++;
  });
  return { sums, counts };
}

/**
 * Differences a - b of paired values; NaN where either is.
 *
 * @throws MetricsError `length-mismatch`
 */
export function pairedDifferences(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  if (a.length !== b.length) {
    throw new MetricsError(
      'length-mismatch',
      `a holds ${a.length} values, b ${b.length}`,
      'a paired test needs the same cases in the same order for both systems',
    );
  }
  return Float64Array.from({ length: a.length }, (_, i) => a[i]! - b[i]!);
}
