import { boundsOf } from './bounds.js';
import { defineMetrics, type Definition, type MetricOptions } from './definition.js';
import type { ByteMask } from './foreground.js';
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
 *
 * @example
 * ```ts
 * import { weightedFMeasure } from '@infnet/metrics';
 *
 * const groundTruth = Uint8Array.of(0, 1, 1, 0, 0, 0, 0, 0);
 * const near = Float32Array.of(0, 1, 1, 1, 0, 0, 0, 0);
 * const far = Float32Array.of(0, 1, 1, 0, 0, 0, 0, 1);
 * const size = { width: 8, height: 1 };
 * console.log(weightedFMeasure(near, groundTruth, size).toFixed(3)); // 0.780
 * console.log(weightedFMeasure(far, groundTruth, size).toFixed(3)); // 0.727
 * ```
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
  const { mask, shape } = map;
  const { bytes, above } = mask;
  const { index, squaredDistance } = nearestForeground(mask, shape);
  const values = map.values();
  const window = windowOf(mask, shape);
  const spread = spreadErrors(values, index, window, shape);
  const smoothed = gaussian7(spread, window);

  const decay = Math.log(0.5) / 5;
  let inside = 0;
  let outside = 0;
  for (let y = 0, i = 0; y < shape.height; y++) {
    const row = window.width * (y - window.top) - window.left;
    for (let x = 0; x < shape.width; x++, i++) {
      if (bytes[i]! > above) inside += Math.min(spread[row + x]!, smoothed[row + x]!);
      else if (values[i] !== 0) {
        outside += Math.abs(values[i]!) * (2 - Math.exp(decay * Math.sqrt(squaredDistance[i]!)));
      }
    }
  }
  return { inside, outside };
}

/** The foreground's bounding box and a margin for the Gaussian, which may reach outside the image. */
interface Window {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function windowOf(mask: ByteMask, { width, height }: Shape): Window {
  const [left, top, , right, bottom] = boundsOf(mask, width, height);
  return {
    left: left - RADIUS,
    top: top - RADIUS,
    width: right - left + 1 + 2 * RADIUS,
    height: bottom - top + 1 + 2 * RADIUS,
  };
}

/** Every pixel of the window takes the error of its nearest foreground pixel; 0 outside the image. */
function spreadErrors(values: Float64Array, index: Int32Array, window: Window, shape: Shape): Float64Array {
  const spread = new Float64Array(window.width * window.height);
  const [firstRow, lastRow] = [Math.max(0, window.top), Math.min(shape.height, window.top + window.height)];
  const [first, last] = [Math.max(0, window.left), Math.min(shape.width, window.left + window.width)];
  for (let y = firstRow; y < lastRow; y++) {
    const row = window.width * (y - window.top) - window.left;
    for (let x = first; x < last; x++) {
      spread[row + x] = Math.abs(1 - values[index[y * shape.width + x]!]!);
    }
  }
  return spread;
}

/** 7 x 7 Gaussian of sigma 5, normalised to sum 1, separable; valid inside the window's margin. */
function gaussian7(image: Float64Array, { width, height }: Window): Float64Array {
  const kernel = Float64Array.from({ length: 2 * RADIUS + 1 }, (_, i) =>
    Math.exp(-((i - RADIUS) ** 2) / (2 * SIGMA * SIGMA)),
  );
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  const weights = kernel.map((weight) => weight / total);
  const along = correlate(image, weights, 1, 0, width * height);
  return correlate(along, weights, width, RADIUS * width, (height - RADIUS) * width);
}

/** Weighs every value from..to and its three neighbours `step` apart on either side. */
function correlate(
  image: Float64Array,
  kernel: Float64Array,
  step: number,
  from: number,
  to: number,
): Float64Array {
  const result = new Float64Array(image.length);
  const [a, b, c, middle] = kernel as unknown as [number, number, number, number];
  const [start, end] = [Math.max(from, RADIUS * step), Math.min(to, image.length - RADIUS * step)];
  for (let i = start; i < end; i++) {
    result[i] =
      a * (image[i - 3 * step]! + image[i + 3 * step]!) +
      b * (image[i - 2 * step]! + image[i + 2 * step]!) +
      c * (image[i - step]! + image[i + step]!) +
      middle * image[i]!;
  }
  return result;
}
