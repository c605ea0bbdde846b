import { areaUnder } from './area-under.js';
import { defineMetrics, type Definition, type MetricOptions } from './definition.js';
import type { MaskArray, PredictionArray, Shape } from './inputs.js';
import type { MapStatistics } from './map-statistics.js';
import { openMap } from './open-map.js';

/** What has to be known to draw the same curve again: the map is cut at every distinct value, v >= t. */
export type RankingDefinition = Pick<
  Definition,
  'package' | 'version' | 'protocol' | 'stretch' | 'foregroundAbove' | 'predictionMaximum'
> & { readonly thresholds: 'every distinct value' };

/** Sensitivity against false alarms. */
export interface RocCurve {
  readonly definition: RankingDefinition;
  /** Descending; the first point, at Infinity, predicts nothing. */
  readonly thresholds: Float64Array;
  readonly falsePositiveRate: Float64Array;
  readonly truePositiveRate: Float64Array;
  /**
   * Area by trapezoids: the chance that a random foreground pixel is ranked above a random background pixel. NaN, with
   * NaN rates, where the ground truth lacks either class.
   */
  readonly area: number;
}

/** Precision against recall. */
export interface PrecisionRecallCurve {
  readonly definition: RankingDefinition;
  /** Descending. */
  readonly thresholds: Float64Array;
  readonly recall: Float64Array;
  readonly precision: Float64Array;
  /** Sum of precision times step of recall: no interpolation. NaN for a ground truth without foreground. */
  readonly averagePrecision: number;
  /** Area by trapezoids, the first precision held down to recall 0; optimistic beside `averagePrecision`. */
  readonly area: number;
}

/**
 * ROC curve over the pixels of one map, exact: every distinct value is a threshold.
 *
 * @param prediction [height * width]
 * @param groundTruth [height * width]
 * @throws MetricsError on unusable input, see {@link evaluateMap}
 *
 * @example
 * ```ts
 * import { rocCurve } from '@infnet/metrics';
 *
 * const prediction = Float32Array.of(0.9, 0.4, 0.6, 0.1);
 * console.log(rocCurve(prediction, Uint8Array.of(1, 1, 0, 0), { width: 2, height: 2 }).area); // 0.75
 * ```
 */
export function rocCurve(
  prediction: PredictionArray,
  groundTruth: MaskArray,
  options: Shape & MetricOptions,
): RocCurve {
  const { definition, thresholds, truePositives, predicted, foreground, background } = rank(
    prediction,
    groundTruth,
    options,
  );
  const points = thresholds.length + 1;
  const cuts = new Float64Array(points);
  cuts[0] = Infinity;
  cuts.set(thresholds, 1);
  const falsePositiveRate = new Float64Array(points);
  const truePositiveRate = new Float64Array(points);
  for (let i = 1; i < points; i++) {
    truePositiveRate[i] = truePositives[i - 1]! / foreground;
    falsePositiveRate[i] = (predicted[i - 1]! - truePositives[i - 1]!) / background;
  }
  const defined = foreground > 0 && background > 0;
  return {
    definition,
    thresholds: cuts,
    falsePositiveRate,
    truePositiveRate,
    area: defined ? areaUnder(falsePositiveRate, truePositiveRate) : NaN,
  };
}

/**
 * Precision-recall curve over the pixels of one map, exact: every distinct value is a threshold.
 *
 * @param prediction [height * width]
 * @param groundTruth [height * width]
 * @throws MetricsError on unusable input, see {@link evaluateMap}
 *
 * @example
 * ```ts
 * import { precisionRecallCurve } from '@infnet/metrics';
 *
 * const prediction = Float32Array.of(0.9, 0.4, 0.6, 0.1);
 * const curve = precisionRecallCurve(prediction, Uint8Array.of(1, 1, 0, 0), { width: 2, height: 2 });
 * console.log(curve.averagePrecision.toFixed(3)); // 0.833
 * ```
 */
export function precisionRecallCurve(
  prediction: PredictionArray,
  groundTruth: MaskArray,
  options: Shape & MetricOptions,
): PrecisionRecallCurve {
  const { definition, thresholds, truePositives, predicted, foreground } = rank(
    prediction,
    groundTruth,
    options,
  );
  const recall = new Float64Array(thresholds.length);
  const precision = new Float64Array(thresholds.length);
  let averagePrecision = 0;
  for (let i = 0; i < thresholds.length; i++) {
    recall[i] = truePositives[i]! / foreground;
    precision[i] = truePositives[i]! / predicted[i]!;
    averagePrecision += (recall[i]! - (recall[i - 1] ?? 0)) * precision[i]!;
  }
  const area = recall[0]! * precision[0]! + areaUnder(recall, precision);
  return { definition, thresholds, recall, precision, averagePrecision, area };
}

/** The map cut at every distinct value, from high to low. */
function rank(
  prediction: PredictionArray,
  groundTruth: MaskArray,
  options: Shape & MetricOptions,
): ReturnType<MapStatistics['countDistinct']> & {
  readonly definition: RankingDefinition;
  readonly foreground: number;
  readonly background: number;
} {
  const definition = defineMetrics(options);
  const map = openMap(prediction, groundTruth, options, definition);
  const { foreground } = map.geometry;
  return {
    ...map.countDistinct(),
    definition: {
      package: definition.package,
      version: definition.version,
      protocol: definition.protocol,
      thresholds: 'every distinct value',
      stretch: definition.stretch,
      foregroundAbove: definition.foregroundAbove,
      predictionMaximum: definition.predictionMaximum,
    },
    foreground,
    background: map.pixels - foreground,
  };
}
