import { defineMetrics, type Definition, type MetricOptions } from './definition.js';
import type { MaskArray, PredictionArray, Shape } from './inputs.js';
import type { BinCounts, MapStatistics } from './map-statistics.js';
import { openMap } from './open-map.js';

/** How well probabilities match frequencies. */
export interface CalibrationReport {
  readonly definition: Definition;
  /** Mean over pixels of |mean probability - share of foreground| of their bin, 0..1. */
  readonly expectedCalibrationError: number;
  /** The same of the worst bin. */
  readonly maximumCalibrationError: number;
  /** Mean of (probability - truth)^2, 0..1. */
  readonly brierScore: number;
  /** The reliability curve: one point per bin that holds a pixel, by rising probability. */
  readonly reliability: readonly ReliabilityPoint[];
}

/** One bin [from, to) of the reliability curve. */
export interface ReliabilityPoint {
  readonly from: number;
  readonly to: number;
  readonly pixels: number;
  /** Mean probability in the bin. */
  readonly confidence: number;
  /** Share of foreground among its pixels. */
  readonly frequency: number;
}

/**
 * Calibration of the foreground probability: expected and maximum calibration error over `calibrationBins` bins of equal
 * width (Guo et al., "On calibration of modern neural networks", ICML 2017, for two classes), Brier score, and the
 * reliability curve. Defined for an empty ground truth too. Meant for maps as they are: stretching changes probabilities.
 *
 * @param prediction [height * width]
 * @param groundTruth [height * width]
 * @throws MetricsError on unusable input, see {@link evaluateMap}
 *
 * @example
 * ```ts
 * import { calibration } from '@infnet/metrics';
 *
 * const prediction = Float32Array.of(0.75, 0.75, 0.75, 0.75); // three of four are foreground: calibrated
 * const groundTruth = Uint8Array.of(1, 1, 1, 0);
 * const { expectedCalibrationError, brierScore } = calibration(prediction, groundTruth, { width: 2, height: 2 });
 * console.log(expectedCalibrationError, brierScore); // 0 0.1875
 * ```
 */
export function calibration(
  prediction: PredictionArray,
  groundTruth: MaskArray,
  options: Shape & MetricOptions,
): CalibrationReport {
  const definition = defineMetrics(options);
  const map = openMap(prediction, groundTruth, options, definition);
  return { definition, brierScore: brierScoreOf(map), ...calibrationOf(map, definition.calibrationBins) };
}

/** Calibration errors and reliability curve of an opened map. */
export function calibrationOf(
  map: MapStatistics,
  bins: number,
): Omit<CalibrationReport, 'definition' | 'brierScore'> {
  const reliability = reliabilityOf(map.bin(bins));
  let expected = 0;
  let maximum = 0;
  for (const { pixels, confidence, frequency } of reliability) {
    const gap = Math.abs(confidence - frequency);
    expected += (gap * pixels) / map.pixels;
    maximum = Math.max(maximum, gap);
  }
  return { expectedCalibrationError: expected, maximumCalibrationError: maximum, reliability };
}

/** One point per bin that holds a pixel. */
export function reliabilityOf({ values, sums, foreground }: BinCounts): ReliabilityPoint[] {
  const bins = values.length;
  return Array.from(values, (pixels, bin) => ({
    from: bin / bins,
    to: (bin + 1) / bins,
    pixels,
    confidence: sums[bin]! / pixels,
    frequency: foreground[bin]! / pixels,
  })).filter(({ pixels }) => pixels > 0);
}

/** Mean squared error against 0 and 1, from the moments of the groups. */
export function brierScoreOf({ groups, pixels }: MapStatistics): number {
  let sum = 0;
  groups.forEach(({ count, mean, squaredDeviations }, group) => {
    sum += squaredDeviations + count * (mean - (group % 2)) ** 2;
  });
  return sum / pixels;
}
