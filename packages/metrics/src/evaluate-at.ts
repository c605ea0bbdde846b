import { cutAt, type Cut } from './curves.js';
import { defineMetrics, type Definition, type MetricOptions } from './definition.js';
import { MetricsError } from './errors.js';
import type { MaskArray, PredictionArray, Shape } from './inputs.js';
import { openMap } from './open-map.js';

/** Everything that depends on a threshold, at one threshold. */
export type CutReport = Cut & { readonly definition: Definition; readonly threshold: number };

/**
 * Measures a soft map cut at one threshold, v >= threshold, on the map's own scale of 0..1.
 *
 * @param prediction [height * width]
 * @param groundTruth [height * width]
 * @throws MetricsError on unusable input, see {@link evaluateMap}
 *
 * @example
 * ```ts
 * import { evaluateAt } from '@infnet/metrics';
 *
 * const prediction = Float32Array.of(0.9, 0.6, 0.2, 0.1);
 * const cut = evaluateAt(prediction, Uint8Array.of(1, 0, 0, 0), { width: 2, height: 2, threshold: 0.7 });
 * console.log(cut.dice, cut.mcc); // 1 1
 * ```
 */
export function evaluateAt(
  prediction: PredictionArray,
  groundTruth: MaskArray,
  options: Shape & MetricOptions & { readonly threshold: number },
): CutReport {
  const { threshold } = options;
  if (!Number.isFinite(threshold)) {
    throw new MetricsError('invalid-option', `threshold is ${threshold}`, 'pass a finite number such as 0.5');
  }
  const definition = defineMetrics(options);
  const map = openMap(prediction, groundTruth, options, definition);
  return { definition, threshold, ...cutAt(map, threshold, definition) };
}
