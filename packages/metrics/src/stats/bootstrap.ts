import { MetricsError } from '../errors.js';
import { oneOf } from '../one-of.js';
import { normalCdf, normalQuantile } from './normal.js';
import { seededRandom } from './random.js';
import { checkCount, clusterSums, definedSample, type Clusters } from './samples.js';

/**
 * - `'bca'` (default): bias-corrected and accelerated (Efron, 1987), with the jackknife over what is resampled.
 * - `'percentile'`: the plain quantiles of the resampled means.
 */
export type BootstrapMethod = 'bca' | 'percentile';

/** How an interval is made. */
export interface BootstrapOptions {
  /** Cases of one label (a patient's slices) are drawn together, because they are not independent. Default: by case. */
  readonly clusters?: Clusters;
  /** Default 0.95. */
  readonly level?: number;
  /** Number of resamples. Default 10,000. */
  readonly resamples?: number;
  /** Default 0. */
  readonly seed?: number;
  /** Default `'bca'`. */
  readonly method?: BootstrapMethod;
}

/** A mean with its bootstrap interval, and how that was made. */
export interface BootstrapInterval {
  /** Mean over the defined values; NaN without any. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Values in the mean, and values left out because they are NaN. */
  readonly n: number;
  readonly excluded: number;
  readonly resampled: 'case' | 'cluster';
  /** How many units were drawn from: clusters, or cases. */
  readonly units: number;
  readonly level: number;
  readonly resamples: number;
  readonly seed: number;
  readonly method: BootstrapMethod;
}

/**
 * Bootstrap confidence interval of a mean over cases, or over cases in clusters.
 *
 * The interval of fewer than two units, or of equal values, is the value itself for equal values and NaN otherwise: one
 * patient says nothing about the next.
 *
 * @param values one per case; NaN ("not defined") is left out and counted
 * @throws MetricsError `invalid-option`, `length-mismatch`, `not-finite`
 *
 * @example
 * ```ts
 * import { bootstrapInterval } from '@infnet/metrics/stats';
 *
 * const dice = [0.71, 0.82, 0.64, 0.9, 0.55, 0.77, 0.68, 0.81];
 * const { value, low, high } = bootstrapInterval(dice, { seed: 1 });
 * console.log(value.toFixed(3)); // 0.735
 * console.log(low < value && value < high); // true
 * ```
 */
export function bootstrapInterval(
  values: ArrayLike<number>,
  options: BootstrapOptions = {},
): BootstrapInterval {
  const { clusters, level = 0.95, seed = 0 } = options;
  if (!(level > 0 && level < 1)) {
    throw new MetricsError(
      'invalid-option',
      `level is ${level}`,
      'pass a share between 0 and 1, such as 0.95',
    );
  }
  const resamples = checkCount('resamples', options.resamples ?? 10_000, 100);
  const method = oneOf('method', options.method ?? 'bca', ['bca', 'percentile']);
  const sample = definedSample(values, clusters);
  const { sums, counts } = clusterSums(sample);
  const value = total(sample.values) / sample.values.length;
  const made: Omit<BootstrapInterval, 'low' | 'high'> = {
    value,
    n: sample.values.length,
    excluded: sample.excluded,
    resampled: clusters ? 'cluster' : 'case',
    units: sample.clusters,
    level,
    resamples,
    seed,
    method,
  };
  const random = seededRandom(seed);
  if (sample.clusters < 2) return { ...made, low: NaN, high: NaN };
  if (sample.values.every((other) => other === sample.values[0])) return { ...made, low: value, high: value };

  const means = resampledMeans(sums, counts, resamples, random).toSorted();
  const [low, high] = method === 'bca' ? bcaShares(means, value, sums, counts, level) : tails(level);
  return { ...made, low: quantile(means, low), high: quantile(means, high) };
}

/** Means of resamples: as many units as there are, drawn with replacement. */
function resampledMeans(
  sums: Float64Array,
  counts: Float64Array,
  resamples: number,
  random: () => number,
): Float64Array {
  const units = sums.length;
  const means = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    let sum = 0;
    let count = 0;
    for (let draw = 0; draw < units; draw++) {
      const unit = Math.floor(random() * units);
      sum += sums[unit]!;
      count += counts[unit]!;
    }
    means[r] = sum / count;
  }
  return means;
}

/** The two shares of the sorted means that the BCa interval ends at. */
function bcaShares(
  means: Float64Array,
  value: number,
  sums: Float64Array,
  counts: Float64Array,
  level: number,
): readonly [number, number] {
  let below = 0;
  for (const mean of means) below += mean < value ? 1 : mean === value ? 0.5 : 0;
  // Kept inside, so that a value at the very end of the resamples still has an interval.
  const share = Math.min(Math.max(below / means.length, 0.5 / means.length), 1 - 0.5 / means.length);
  const bias = normalQuantile(share);
  const acceleration = jackknifeAcceleration(sums, counts);
  const [low, high] = tails(level).map((tail) => {
    const z = bias + normalQuantile(tail);
    return normalCdf(bias + z / (1 - acceleration * z));
  });
  return [low!, high!];
}

/** Skewness of the leave-one-out means, over 6. */
function jackknifeAcceleration(sums: Float64Array, counts: Float64Array): number {
  const [sum, count] = [total(sums), total(counts)];
  const without = sums.map((own, i) => (sum - own) / (count - counts[i]!));
  const centre = total(without) / without.length;
  let [squares, cubes] = [0, 0];
  for (const mean of without) {
    squares += (centre - mean) ** 2;
    cubes += (centre - mean) ** 3;
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}

function tails(level: number): readonly [number, number] {
  return [(1 - level) / 2, (1 + level) / 2];
}

/** Quantile of sorted values with linear interpolation (numpy's default, type 7). */
function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (position - below) * (sorted[above]! - sorted[below]!);
}

function total(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
