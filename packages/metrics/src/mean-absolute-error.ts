import { defineMetrics, type MetricOptions } from './definition.js';
import type { MaskArray, PredictionArray, Shape } from './inputs.js';
import type { MapStatistics } from './map-statistics.js';
import { openMap } from './open-map.js';

/**
 * Mean of |prediction - mask| over all pixels, 0..1. Under `infnet` the prediction is stretched to 0..1 first.
 *
 * @throws MetricsError on unusable input, see {@link evaluateMap}
 *
 * @example
 * ```ts
 * import { meanAbsoluteError } from '@infnet/metrics';
 *
 * const prediction = Float32Array.of(0.75, 0.5, 0.25, 0);
 * console.log(meanAbsoluteError(prediction, Uint8Array.of(1, 1, 0, 0), { width: 2, height: 2 })); // 0.25
 * ```
 */
export function meanAbsoluteError(
  prediction: PredictionArray,
  groundTruth: MaskArray,
  options: Shape & MetricOptions,
): number {
  return meanAbsoluteErrorOf(openMap(prediction, groundTruth, options, defineMetrics(options)));
}

/** Values lie in 0..1, or the map is constant: either way a group's mean error is the error of its mean. */
export function meanAbsoluteErrorOf({ groups, pixels }: MapStatistics): number {
  let sum = 0;
  groups.forEach(({ count, mean }, group) => {
    sum += count * Math.abs(mean - (group % 2));
  });
  return sum / pixels;
}
