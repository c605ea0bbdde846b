import { oneOf } from '../one-of.js';
import { seededRandom } from './random.js';
import { checkCount, clusterSums, definedSample, pairedDifferences, type Clusters } from './samples.js';

/** What the test is against: any difference, a above b, or a below b. */
export type Alternative = 'two-sided' | 'greater' | 'less';

/** Up to this many units that differ, every assignment is tried: 2^16 of them. */
const EXACT_UNITS = 16;
/** Sums that are equal but for rounding count as equal. */
const ROUNDING = 1e-12;

/** How the test is made. */
export interface PermutationOptions {
  /** Cases of one label (a patient's slices) change sides together. Default: each case on its own. */
  readonly clusters?: Clusters;
  /** Default `'two-sided'`. */
  readonly alternative?: Alternative;
  /** Random assignments where there are too many to try all. Default 100,000. */
  readonly permutations?: number;
  /** Default 0. Not used by the exact test. */
  readonly seed?: number;
}

/** Outcome of {@link pairedPermutationTest}, and how it was reached. */
export interface PermutationTest {
  /** Mean of a - b over the pairs. */
  readonly meanDifference: number;
  readonly pValue: number;
  readonly alternative: Alternative;
  /** `'exact'`: all assignments; `'monte-carlo'`: (1 + as extreme) / (1 + permutations). */
  readonly method: 'exact' | 'monte-carlo';
  /** Assignments looked at. */
  readonly permutations: number;
  readonly seed: number;
  readonly exchanged: 'case' | 'cluster';
  /** How many units could change sides: clusters, or cases. */
  readonly units: number;
  /** Pairs in the mean, and pairs left out because a value is NaN. */
  readonly n: number;
  readonly excluded: number;
}

/**
 * Paired permutation test (Fisher's randomisation of signs) of the mean difference between two systems on the same
 * cases: under the null hypothesis the two could be swapped in any case, or in any patient.
 *
 * Exact up to 16 units that differ, Monte Carlo beyond. Nothing is assumed about the distribution.
 *
 * @throws MetricsError `invalid-option`, `length-mismatch`, `not-finite`
 *
 * @example
 * ```ts
 * import { pairedPermutationTest } from '@infnet/metrics/stats';
 *
 * const a = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
 * const b = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
 * const { pValue, method } = pairedPermutationTest(a, b);
 * console.log(pValue, method); // 0.02734375 exact
 * ```
 */
export function pairedPermutationTest(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: PermutationOptions = {},
): PermutationTest {
  const { clusters, seed = 0 } = options;
  const alternative = oneOf('alternative', options.alternative ?? 'two-sided', [
    'two-sided',
    'greater',
    'less',
  ]);
  const wanted = checkCount('permutations', options.permutations ?? 100_000, 100);
  const random = seededRandom(seed);
  const sample = definedSample(pairedDifferences(a, b), clusters);
  const { sums } = clusterSums(sample);
  const moving = sums.filter((sum) => sum !== 0);
  const observed = sums.reduce((sum, own) => sum + own, 0);
  const slack = ROUNDING * moving.reduce((sum, own) => sum + Math.abs(own), 0);
  const isExtreme = (sum: number): boolean => {
    if (alternative === 'greater') return sum >= observed - slack;
    if (alternative === 'less') return sum <= observed + slack;
    return Math.abs(sum) >= Math.abs(observed) - slack;
  };
  const isExact = moving.length <= EXACT_UNITS;
  const pValue = isExact
    ? exactShare(moving, isExtreme)
    : (1 + countRandom(moving, wanted, random, isExtreme)) / (1 + wanted);
  return {
    meanDifference: observed / sample.values.length,
    pValue: sample.values.length === 0 ? NaN : pValue,
    alternative,
    method: isExact ? 'exact' : 'monte-carlo',
    permutations: isExact ? 2 ** moving.length : wanted,
    seed,
    exchanged: clusters ? 'cluster' : 'case',
    units: sample.clusters,
    n: sample.values.length,
    excluded: sample.excluded,
  };
}

/** Share of all assignments of signs that are extreme. */
function exactShare(differences: Float64Array, isExtreme: (sum: number) => boolean): number {
  const assignments = 2 ** differences.length;
  let extreme = 0;
  for (let signs = 0; signs < assignments; signs++) {
    let sum = 0;
    for (let i = 0; i < differences.length; i++) sum += (signs >> i) & 1 ? -differences[i]! : differences[i]!;
    if (isExtreme(sum)) extreme++;
  }
  return extreme / assignments;
}

/** How many of `permutations` random assignments of signs are extreme. */
function countRandom(
  differences: Float64Array,
  permutations: number,
  random: () => number,
  isExtreme: (sum: number) => boolean,
): number {
  let extreme = 0;
  for (let p = 0; p < permutations; p++) {
    let sum = 0;
    let bits = 0;
    for (let i = 0; i < differences.length; i++) {
      if (i % 32 === 0) bits = Math.floor(random() * 2 ** 32) | 0;
      sum += bits & 1 ? -differences[i]! : differences[i]!;
      bits >>>= 1;
    }
    if (isExtreme(sum)) extreme++;
  }
  return extreme;
}
