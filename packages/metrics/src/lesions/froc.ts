import { MetricsError } from '../errors.js';
import { ORIGIN } from '../version.js';

/** A finding with its confidence. */
export interface FrocCandidate {
  readonly score: number;
  /** Labels of the true lesions it hits; none: a false alarm. */
  readonly lesions: readonly number[];
}

/** One image: how many lesions there are, and what was found. */
export interface FrocCase {
  readonly lesions: number;
  readonly candidates: readonly FrocCandidate[];
}

/** Options of {@link frocCurve}. */
export interface FrocOptions {
  /** False alarms per case at which sensitivity is read. Default 1/8, 1/4, 1/2, 1, 2, 4, 8. */
  readonly rates?: readonly number[];
}

/** Free-response ROC: share of lesions found against false alarms per case. */
export interface FrocCurve {
  readonly definition: {
    readonly package: '@infnet/metrics';
    readonly version: string;
    readonly rates: readonly number[];
    readonly area: 'under the steps, from 0 to the largest rate, divided by it';
  };
  readonly cases: number;
  readonly lesions: number;
  /** Every distinct score, descending: findings from it on count. */
  readonly thresholds: Float64Array;
  readonly falsePositivesPerCase: Float64Array;
  /** NaN without any lesion. */
  readonly sensitivity: Float64Array;
  /** Sensitivity at each rate: of the last point that has no more false alarms. */
  readonly sensitivityAtRates: readonly number[];
  /** Their mean: the score of the LUNA16 challenge, which interpolates between points. */
  readonly meanSensitivity: number;
  /** 0..1. */
  readonly area: number;
}

const LUNA_RATES = [1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8];

/**
 * FROC curve over any number of cases. A lesion counts once however many findings hit it, and these are no false alarms.
 *
 * @throws MetricsError `not-finite` for a score of NaN, `out-of-range` for a lesion that a case does not have,
 *   `invalid-option` for rates that do not rise from above 0
 *
 * @example
 * ```ts
 * import { frocCurve } from '@infnet/metrics/lesions';
 *
 * const first = { lesions: 2, candidates: [{ score: 0.9, lesions: [1] }, { score: 0.6, lesions: [] }] };
 * const second = { lesions: 0, candidates: [{ score: 0.3, lesions: [] }] };
 * const froc = frocCurve([first, second], { rates: [0.5, 1] });
 * console.log(froc.sensitivityAtRates.join(' '), froc.area); // 0.5 0.5 0.5
 * ```
 */
export function frocCurve(cases: Iterable<FrocCase>, options: FrocOptions = {}): FrocCurve {
  const rates = checkRates(options.rates ?? LUNA_RATES);
  const findings: { readonly score: number; readonly lesions: readonly string[] }[] = [];
  let count = 0;
  let lesions = 0;
  for (const one of cases) {
    for (const candidate of one.candidates) {
      checkCandidate(candidate, one, count);
      findings.push({
        score: candidate.score,
        lesions: candidate.lesions.map((lesion) => `${count} ${lesion}`),
      });
    }
    count++;
    lesions += one.lesions;
  }
  const { thresholds, falsePositives, found } = accumulate(findings);
  const falsePositivesPerCase = falsePositives.map((value) => value / count);
  const sensitivity = found.map((value) => value / lesions);
  const sensitivityAtRates = rates.map((rate) => {
    const last = falsePositivesPerCase.findLastIndex((value) => value <= rate);
    return lesions === 0 ? NaN : last < 0 ? 0 : sensitivity[last]!;
  });
  return {
    definition: {
      ...ORIGIN,
      rates,
      area: 'under the steps, from 0 to the largest rate, divided by it',
    },
    cases: count,
    lesions,
    thresholds,
    falsePositivesPerCase,
    sensitivity,
    sensitivityAtRates,
    meanSensitivity: sensitivityAtRates.reduce((sum, value) => sum + value, 0) / rates.length,
    area: lesions === 0 ? NaN : areaUpTo(rates.at(-1)!, falsePositivesPerCase, sensitivity),
  };
}

/** False alarms and lesions found as the score falls, equal scores together. */
function accumulate(findings: readonly { readonly score: number; readonly lesions: readonly string[] }[]): {
  thresholds: Float64Array;
  falsePositives: Float64Array;
  found: Float64Array;
} {
  const sorted = findings.toSorted((a, b) => b.score - a.score);
  const points: [threshold: number, falsePositives: number, found: number][] = [];
  const hit = new Set<string>();
  let falsePositives = 0;
  sorted.forEach(({ score, lesions }, i) => {
    if (lesions.length === 0) falsePositives++;
    for (const lesion of lesions) hit.add(lesion);
    if (sorted[i + 1]?.score !== score) points.push([score, falsePositives, hit.size]);
  });
  const column = (k: 0 | 1 | 2): Float64Array => Float64Array.from(points, (point) => point[k]);
  return { thresholds: column(0), falsePositives: column(1), found: column(2) };
}

function areaUpTo(limit: number, x: Float64Array, y: Float64Array): number {
  let area = 0;
  x.forEach((start, i) => {
    const end = Math.min(limit, x[i + 1] ?? limit);
    if (start < end) area += (end - start) * y[i]!;
  });
  return area / limit;
}

function checkCandidate({ score, lesions }: FrocCandidate, one: FrocCase, index: number): void {
  if (Number.isNaN(score)) {
    throw new MetricsError(
      'not-finite',
      `case ${index} has a candidate with the score NaN`,
      'score every candidate',
    );
  }
  const wrong = lesions.find((lesion) => !(Number.isInteger(lesion) && lesion >= 1 && lesion <= one.lesions));
  if (wrong === undefined) return;
  throw new MetricsError(
    'out-of-range',
    `case ${index} has a candidate on lesion ${wrong}, but ${one.lesions} lesions`,
    'number the lesions of each case from 1',
  );
}

function checkRates(rates: readonly number[]): readonly number[] {
  const rising = rates.every((rate, i) => Number.isFinite(rate) && rate > (rates[i - 1] ?? 0));
  if (rising && rates.length > 0) return rates;
  throw new MetricsError('invalid-option', `rates are [${rates.join(', ')}]`, 'pass rising numbers above 0');
}
