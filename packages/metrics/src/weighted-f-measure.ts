import { defineMetrics, type Definition, type MetricOptions } from './definition.js';
import type { MaskArray, PredictionArray, Shape } from './inputs.js';
import type { MapStatistics } from './map-statistics.js';
import { combineAll } from './moments.js';
import { nearestForeground } from './nearest-foreground.js';
import { openMap } from './open-map.js';

const EPS = 2 ** -52;
const RADIUS = 3;
const SIGMA = 5;

/**
 * Weighted F-measure, beta = 1 (Margolin et al., "How to evaluate foreground maps?", CVPR 2014): errors near other
 * errors weigh less inside the foreground, errors far from it weigh up to twice.
 *
 * Of several equally near foreground pixels the one in the smallest column, then row, counts; MATLAB leaves this open,
 * which moves its result by up to 3e-3. Without foreground the reference stops with an error: NaN here, or 1 / 0 for an
 * all-zero / other prediction under `empty: 'one-zero'`.
 *
 * @throws MetricsError on unusable input, see {@link evaluateMap}
 */
export function weightedFMeasure(
  prediction: PredictionArray,
  groundTruth: MaskArray,
  options: Shape & MetricOptions,
): number {
  const definition = defineMetrics(options);
  return weightedFOf(openMap(prediction, groundTruth, options, definition), definition);
}

/** Weighted F-measure of an opened map. */
export function weightedFOf(map: MapStatistics, definition: Definition): number {
  const { foreground } = map.geometry;
  if (foreground === 0) {
    if (definition.empty !== 'one-zero') return NaN;
    return combineAll(map.groups).mean === 0 ? 1 : 0;
  }
  const { inside, outside } = weightedErrors(map);
  const truePositives = foreground - inside;
  const recall = 1 - inside / foreground;
  const precision = truePositives / (EPS + truePositives + outside);
  return (2 * recall * precision) / (EPS + recall + precision);
}

/** Sums of the weighted errors over foreground and background. */
function weightedErrors(map: MapStatistics): { inside: number; outside: number } {
  const { mask, shape, pixels } = map;
  const { bytes, above } = mask;
  const { index, squaredDistance } = nearestForeground(mask, shape);
  const values = map.values();
  const spread = new Float64Array(pixels); // every pixel takes the error of its nearest foreground pixel
  for (let i = 0; i < pixels; i++) spread[i] = Math.abs(1 - values[index[i]!]!);
  const smoothed = gaussian7(spread, shape);

  const decay = Math.log(0.5) / 5;
  let inside = 0;
  let outside = 0;
  for (let i = 0; i < pixels; i++) {
    if (bytes[i]! > above) inside += Math.min(spread[i]!, smoothed[i]!);
    else outside += Math.abs(values[i]!) * (2 - Math.exp(decay * Math.sqrt(squaredDistance[i]!)));
  }
  return { inside, outside };
}

/** 7 x 7 Gaussian of sigma 5, normalised to sum 1, zero outside the image; separable. */
function gaussian7(image: Float64Array, { width, height }: Shape): Float64Array {
  const kernel = Float64Array.from({ length: 2 * RADIUS + 1 }, (_, i) =>
    Math.exp(-((i - RADIUS) ** 2) / (2 * SIGMA * SIGMA)),
  );
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  for (let i = 0; i < kernel.length; i++) kernel[i]! /= total;
  const alongRows = convolve(image, kernel, height, width, width, 1);
  return convolve(alongRows, kernel, width, height, 1, width);
}

/** Correlates every line of `length` values, `step` apart, with the kernel; lines start `lineStep` apart. */
function convolve(
  image: Float64Array,
  kernel: Float64Array,
  lines: number,
  length: number,
  lineStep: number,
  step: number,
): Float64Array {
  const result = new Float64Array(image.length);
  for (let line = 0; line < lines; line++) {
    const start = line * lineStep;
    for (let i = 0; i < length; i++) {
      let sum = 0;
      const to = Math.min(length - 1, i + RADIUS);
      for (let j = Math.max(0, i - RADIUS); j <= to; j++) {
        sum += kernel[j - i + RADIUS]! * image[start + j * step]!;
      }
      result[start + i * step] = sum;
    }
  }
  return result;
}
