import type { ReliabilityPoint } from './calibration.js';
import type { DatasetSummary } from './dataset-summary.js';
import { MetricsError } from './errors.js';

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
  const points: (readonly [number, number])[] = [[0, 0]];
  predicted.forEach((all, t) => {
    const hits = truePositives[t]!;
    points.push([(all - hits) / background, hits / foreground]);
  });
  points.push([1, 1]);
  const isDefined = foreground > 0 && background > 0;
  return { points: isDefined ? points : [], area: isDefined ? trapezoids(points) : NaN };
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
  if (!Number.isSafeInteger(bins) || bins < 1 || bins > 10_000) {
    throw new MetricsError('invalid-option', `bins is ${bins}`, 'pass a whole number from 1 to 10000');
  }
  const sums = Array.from({ length: bins }, () => ({ pixels: 0, values: 0, foreground: 0 }));
  const count = (value: number, pixels: number, foreground: number): void => {
    const bin = sums[Math.min(Math.floor(value * bins), bins - 1)]!;
    bin.pixels += pixels;
    bin.values += pixels * value;
    bin.foreground += foreground;
  };
  const { truePositives, predicted } = pooled;
  let [hits, all] = [0, 0];
  definition.thresholds.forEach((threshold, t) => {
    count(Math.max(0, Math.min(1, threshold)), predicted[t]! - all, truePositives[t]! - hits);
    hits = truePositives[t]!;
    all = predicted[t]!;
  });
  count(0, pooled.pixels - all, pooled.foreground - hits);
  return sums.flatMap(({ pixels, values, foreground }, bin) =>
    pixels === 0
      ? []
      : [
          {
            from: bin / bins,
            to: (bin + 1) / bins,
            pixels,
            confidence: values / pixels,
            frequency: foreground / pixels,
          },
        ],
  );
}

function trapezoids(points: readonly (readonly [number, number])[]): number {
  let area = 0;
  for (let i = 1; i < points.length; i++) {
    area += ((points[i]![0] - points[i - 1]![0]) * (points[i]![1] + points[i - 1]![1])) / 2;
  }
  return area;
}
