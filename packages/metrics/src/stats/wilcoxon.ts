import { MetricsError } from '../errors.js';
import { oneOf } from '../one-of.js';
import { normalCdf } from './normal.js';
import type { Alternative } from './permutation-test.js';
import { clusterSums, definedSample, pairedDifferences, type Clusters } from './samples.js';

/** Up to this many non-zero differences the distribution is counted out, ties and all. */
const EXACT_DIFFERENCES = 50;
/** Beyond this, counting out would take seconds and the normal approximation is as good. */
const EXACT_LIMIT = 500;

/** How the test is made. */
export interface WilcoxonOptions {
  /** Differences of one label (a patient's slices) are averaged first, so that one patient counts once. */
  readonly clusters?: Clusters;
  /** Default `'two-sided'`. */
  readonly alternative?: Alternative;
  /**
   * Equal pairs: `'wilcoxon'` (default) drops them, as Wilcoxon did; `'pratt'` ranks them with the others, then drops
   * their ranks.
   */
  readonly zeros?: 'wilcoxon' | 'pratt';
  /** Default `'auto'`: exact up to 50 differences that are not 0, normal beyond. */
  readonly method?: 'auto' | 'exact' | 'normal';
  /** Continuity correction of the normal approximation. Default true. */
  readonly continuity?: boolean;
}

/** Outcome of {@link wilcoxonSignedRank}, and how it was reached. */
export interface WilcoxonTest {
  /** Sums of the ranks of |a - b| where a is larger, and where b is. */
  readonly positiveRanks: number;
  readonly negativeRanks: number;
  readonly pValue: number;
  readonly alternative: Alternative;
  /**
   * `'exact'`: every assignment of signs to the (mid-)ranks at hand, so ties are exact too; `'normal'`: with the
   * variance corrected for ties.
   */
  readonly method: 'exact' | 'normal';
  readonly zeros: 'wilcoxon' | 'pratt';
  readonly continuity: boolean;
  /** Standard score of the normal approximation; undefined for the exact test. */
  readonly z: number | undefined;
  /** (positive - negative) / (positive + negative): from -1, b always larger, to 1, a always larger. */
  readonly rankBiserial: number;
  /** Units compared (cases, or clusters), how many of them are equal, and values left out because they are NaN. */
  readonly n: number;
  readonly equal: number;
  readonly excluded: number;
  readonly ties: boolean;
}

/**
 * Wilcoxon's signed-rank test of two systems on the same cases.
 *
 * @throws MetricsError `invalid-option`, `length-mismatch`, `not-finite`
 *
 * @example
 * ```ts
 * import { wilcoxonSignedRank } from '@infnet/metrics/stats';
 *
 * const a = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
 * const b = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
 * const { pValue, negativeRanks, method } = wilcoxonSignedRank(a, b);
 * console.log(pValue, negativeRanks, method); // 0.0390625 5 exact
 * ```
 */
export function wilcoxonSignedRank(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: WilcoxonOptions = {},
): WilcoxonTest {
  const { clusters, continuity = true } = options;
  const alternative = oneOf('alternative', options.alternative ?? 'two-sided', [
    'two-sided',
    'greater',
    'less',
  ]);
  const zeros = oneOf('zeros', options.zeros ?? 'wilcoxon', ['wilcoxon', 'pratt']);
  const wanted = oneOf('method', options.method ?? 'auto', ['auto', 'exact', 'normal']);
  const sample = definedSample(pairedDifferences(a, b), clusters);
  const { sums, counts } = clusterSums(sample);
  const differences = sums.map((sum, i) => sum / counts[i]!);

  const { ranks, ties } = signedRanks(differences, zeros);
  const positive = sumOf(ranks.filter((rank) => rank > 0));
  const negative = -sumOf(ranks.filter((rank) => rank < 0));
  const isExact = wanted === 'exact' || (wanted === 'auto' && ranks.length <= EXACT_DIFFERENCES);
  if (isExact && ranks.length > EXACT_LIMIT) {
    throw new MetricsError(
      'invalid-option',
      `method is 'exact' for ${ranks.length} differences, more than ${EXACT_LIMIT}`,
      "pass 'normal' or 'auto'",
    );
  }
  const z = isExact ? undefined : standardScore(ranks, positive, alternative, continuity);
  const pValue = z === undefined ? exactP(ranks, positive, alternative) : normalP(z, alternative);
  return {
    positiveRanks: positive,
    negativeRanks: negative,
    pValue: differences.length === 0 ? NaN : ranks.length === 0 ? 1 : pValue,
    alternative,
    method: isExact ? 'exact' : 'normal',
    zeros,
    continuity,
    z,
    rankBiserial: ranks.length === 0 ? 0 : (positive - negative) / (positive + negative),
    n: differences.length,
    equal: differences.length - ranks.length,
    excluded: sample.excluded,
    ties,
  };
}

/** Ranks of the sizes of the differences, the mean rank for equal ones, with the differences' signs; zeros are left out. */
function signedRanks(
  differences: Float64Array,
  zeros: 'wilcoxon' | 'pratt',
): { ranks: Float64Array; ties: boolean } {
  const kept = zeros === 'pratt' ? differences : differences.filter((difference) => difference !== 0);
  const order = Array.from(kept).toSorted((x, y) => Math.abs(x) - Math.abs(y));
  const ranks: number[] = [];
  let ties = false;
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && Math.abs(order[to]!) === Math.abs(order[from]!)) to++;
    const rank = (from + 1 + to) / 2;
    for (let i = from; i < to; i++) if (order[i] !== 0) ranks.push(Math.sign(order[i]!) * rank);
    if (to - from > 1 && order[from] !== 0) ties = true;
  }
  return { ranks: Float64Array.from(ranks), ties };
}

/** Counts for every sum of ranks how many of the 2^n sign assignments give it; doubled mid-ranks are whole numbers. */
function exactP(ranks: Float64Array, positive: number, alternative: Alternative): number {
  const doubled = Array.from(ranks, (rank) => Math.round(2 * Math.abs(rank)));
  const most = doubled.reduce((sum, rank) => sum + rank, 0);
  let share = new Float64Array(most + 1);
  share[0] = 1;
  for (const rank of doubled) {
    const next = new Float64Array(most + 1);
    for (let sum = 0; sum <= most; sum++) {
      next[sum] = (share[sum]! + (sum >= rank ? share[sum - rank]! : 0)) / 2;
    }
    share = next;
  }
  const observed = Math.round(2 * positive);
  const greater = sumOf(share.subarray(observed));
  const less = sumOf(share.subarray(0, observed + 1));
  if (alternative === 'greater') return Math.min(greater, 1);
  if (alternative === 'less') return Math.min(less, 1);
  return Math.min(2 * Math.min(greater, less), 1);
}

/** Each rank r is positive or not with even chance: mean r / 2, variance r^2 / 4. Mid-ranks correct it for ties. */
function standardScore(
  ranks: Float64Array,
  positive: number,
  alternative: Alternative,
  continuity: boolean,
): number {
  const mean = sumOf(ranks.map(Math.abs)) / 2;
  const variance = sumOf(ranks.map((rank) => rank * rank)) / 4;
  const distance = positive - mean;
  const direction = alternative === 'two-sided' ? Math.sign(distance) : alternative === 'greater' ? 1 : -1;
  return (distance - (continuity ? 0.5 * direction : 0)) / Math.sqrt(variance);
}

function normalP(z: number, alternative: Alternative): number {
  if (alternative === 'greater') return normalCdf(-z);
  if (alternative === 'less') return normalCdf(z);
  return Math.min(2 * normalCdf(-Math.abs(z)), 1);
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
