import { areaUnder } from './area-under.js';
import { reliabilityOf, type ReliabilityPoint } from './calibration.js';
import type { DatasetSummary } from './dataset-summary.js';
import { binOf } from './map-statistics.js';
import { numberIn } from './number-in.js';

/** A curve over all pixels of a data set at the thresholds of its definition, with the area below it. */
export interface PooledCurve {
  /** One point per threshold, descending, the curve's own ends included. */
  readonly points: readonly (readonly [x: number, y: number])[];
  /** NaN where the ground truth lacks a class. */
  readonly area: number;
}

/**
 * False-positive rate (x) and sensitivity (y) of all pixels of a data set, from (0, 0) to (1, 1); area by trapezoids.
 * Maps are not ranked against each other by this: one threshold cuts all of them.
 *
 * @example
 * ```ts
 * import { DatasetEvaluator, pooledRoc } from '@infnet/metrics';
 *
 * const evaluator = new DatasetEvaluator();
 * evaluator.add('a', Float32Array.of(0.9, 0.4, 0.6, 0.1), Uint8Array.of(1, 1, 0, 0), { width: 2, height: 2 });
 * console.log(pooledRoc(evaluator.summary()).area); // 0.75
 * ```
 */
export function pooledRoc({ pooled }: Pick<DatasetSummary, 'pooled'>): PooledCurve {
  const { truePositives, predicted, foreground, pixels } = pooled;
  const background = pixels - foreground;
  if (foreground === 0 || background === 0) return { points: [], area: NaN };
  const x = [0, ...predicted.map((all, t) => (all - truePositives[t]!) / background), 1];
  const y = [0, ...truePositives.map((hits) => hits / foreground), 1];
  return { points: x.map((rate, i) => [rate, y[i]!]), area: areaUnder(x, y) };
}

/**
 * Recall (x) and precision (y) of all pixels of a data set. The area is the average precision: precision times step of
 * recall, without interpolation.
 *
 * @example
 * ```ts
 * import { DatasetEvaluator, pooledPrecisionRecall } from '@infnet/metrics';
 *
 * const evaluator = new DatasetEvaluator();
 * evaluator.add('a', Float32Array.of(0.9, 0.4, 0.6, 0.1), Uint8Array.of(1, 1, 0, 0), { width: 2, height: 2 });
 * console.log(pooledPrecisionRecall(evaluator.summary()).area.toFixed(3)); // 0.833
 * ```
 */
export function pooledPrecisionRecall({ pooled }: Pick<DatasetSummary, 'pooled'>): PooledCurve {
  const { truePositives, predicted, foreground } = pooled;
  if (foreground === 0) return { points: [], area: NaN };
  const points: (readonly [number, number])[] = [];
  let area = 0;
  let before = 0;
  predicted.forEach((all, t) => {
    if (all === 0) return;
    const [recall, precision] = [truePositives[t]! / foreground, truePositives[t]! / all];
    area += (recall - before) * precision;
    before = recall;
    points.push([recall, precision]);
  });
  return { points, area };
}

/**
 * Reliability of all pixels of a data set: how often a pixel is foreground where the map says p. Each pixel counts with
 * the threshold that it passes, which for 8-bit maps under exact thresholds is its own value, and for others lies below
 * it by less than 1/255; what passes no threshold counts as 0.
 *
 * @param options `bins`: number of equally wide bins, default 10
 * @returns one point per bin that holds a pixel, by rising probability
 * @throws MetricsError `invalid-option`
 *
 * @example
 * ```ts
 * import { DatasetEvaluator, pooledReliability } from '@infnet/metrics';
 *
 * const evaluator = new DatasetEvaluator();
 * evaluator.add('a', Uint8Array.of(204, 204, 51, 51), Uint8Array.of(1, 1, 1, 0), { width: 2, height: 2 });
 * const points = pooledReliability(evaluator.summary());
 * console.log(points.map(({ confidence, frequency }) => `${confidence}: ${frequency}`).join(', ')); // 0.2: 0.5, 0.8: 1
 * ```
 */
export function pooledReliability(
  { pooled, definition }: Pick<DatasetSummary, 'pooled' | 'definition'>,
  { bins = 10 }: { readonly bins?: number } = {},
): ReliabilityPoint[] {
  numberIn('bins', bins, 1, 10_000, 'whole number');
  const pixels = new Float64Array(bins);
  const sums = new Float64Array(bins);
  const hits = new Float64Array(bins);
  const count = (value: number, all: number, foreground: number): void => {
    const bin = binOf(value, bins);
    pixels[bin]! += all;
    sums[bin]! += all * value;
    hits[bin]! += foreground;
  };
  const { truePositives, predicted } = pooled;
  definition.thresholds.forEach((threshold, t) => {
    const value = Math.max(0, Math.min(1, threshold));
    count(value, predicted[t]! - (predicted[t - 1] ?? 0), truePositives[t]! - (truePositives[t - 1] ?? 0));
  });
  count(0, pooled.pixels - predicted.at(-1)!, pooled.foreground - truePositives.at(-1)!);
  return reliabilityOf({ values: pixels, sums, foreground: hits });
}
