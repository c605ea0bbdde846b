import type { Comparison, Definition } from './definition.js';
import type { ByteMask } from './foreground.js';
import { bytesOf, type Shape } from './inputs.js';
import { binOf, type BinCounts, type MapStatistics, type SweepCounts } from './map-statistics.js';
import { QUADRANTS, type MaskGeometry } from './mask-geometry.js';
import type { Moments } from './moments.js';
import { binaryWarning, stretchOf } from './stretch.js';

/** Counters of one joint histogram: 256 levels over background, then 256 over foreground. */
const BINS = 512;

/**
 * Statistics of an 8-bit map: the pixels are read once, everything after works on 256 levels.
 *
 * Thresholds are compared with the level values in the same floating-point arithmetic as pixel by pixel, so the counts
 * are identical, not close.
 */
export function openByteMap(
  prediction: Uint8Array | Uint8ClampedArray,
  mask: ByteMask,
  geometry: MaskGeometry,
  shape: Shape,
  definition: Definition,
): MapStatistics {
  const bytes = bytesOf(prediction);
  const perQuadrant = quadrantHistograms(bytes, mask, geometry, shape); // [4, 512]
  const histogram = new Uint32Array(BINS);
  for (let i = 0; i < perQuadrant.length; i++) histogram[i & (BINS - 1)]! += perQuadrant[i]!;

  const { min, max } = occupiedRange(histogram);
  const { maximum, low, gain } = stretchOf(prediction, min, max, definition);
  const levels = Float64Array.from({ length: 256 }, (_, k) => (k / maximum - low) * gain);
  return {
    shape,
    pixels: bytes.length,
    mask,
    geometry,
    groups: Array.from({ length: QUADRANTS * 2 }, (_, group) =>
      levelMoments(perQuadrant, group * 256, levels),
    ),
    warnings: binaryWarning(prediction, max, definition),
    count: (thresholds, comparison) => countLevels(histogram, levels, thresholds, comparison),
    countDistinct: () => countOccupied(histogram, levels),
    bin: (bins) => binLevels(histogram, levels, bins),
    values: () => mapLevels(bytes, levels),
  };
}

/** Joint histograms [4 quadrants, 512], counted in two copies, so that neighbours do not wait on one counter. */
function quadrantHistograms(
  prediction: Uint8Array,
  mask: ByteMask,
  { left, top }: MaskGeometry,
  { width, height }: Shape,
): Uint32Array {
  const copies = new Uint32Array(QUADRANTS * 2 * BINS); // [4 quadrants, 2, 512]
  const views = Array.from({ length: QUADRANTS * 2 }, (_, i) => copies.subarray(i * BINS, (i + 1) * BINS));
  for (let y = 0; y < height; y++) {
    const start = y * width;
    const middle = start + left;
    const view = y < top ? 0 : 4;
    countRun(views[view]!, views[view + 1]!, prediction, mask, start, middle);
    countRun(views[view + 2]!, views[view + 3]!, prediction, mask, middle, start + width);
  }
  const histograms = new Uint32Array(QUADRANTS * BINS);
  views.forEach((view, i) => {
    const offset = (i >> 1) * BINS;
    for (let bin = 0; bin < BINS; bin++) histograms[offset + bin]! += view[bin]!;
  });
  return histograms;
}

/** Counts the pixels [from, to) alternately into two histograms. */
function countRun(
  even: Uint32Array,
  odd: Uint32Array,
  prediction: Uint8Array,
  { bytes, above }: ByteMask,
  from: number,
  to: number,
): void {
  const lift = 255 - above; // (byte + lift) & 256 is set exactly where byte > above
  let i = from;
  for (; i + 1 < to; i += 2) {
    even[prediction[i]! | ((bytes[i]! + lift) & 256)]!++;
    odd[prediction[i + 1]! | ((bytes[i + 1]! + lift) & 256)]!++;
  }
  if (i < to) even[prediction[i]! | ((bytes[i]! + lift) & 256)]!++;
}

function occupiedRange(histogram: Uint32Array): { min: number; max: number } {
  let min = 255;
  let max = 0;
  for (let level = 0; level < 256; level++) {
    const occurrences = histogram[level]! + histogram[level + 256]!;
    if (occurrences === 0) continue;
    if (level < min) min = level;
    max = level;
  }
  return { min, max };
}

/** Measured from the first occupied level, so that a constant group has its exact mean and no spread at all. */
function levelMoments(histograms: Uint32Array, base: number, levels: Float64Array): Moments {
  let count = 0;
  let origin = 0;
  let sum = 0;
  for (let level = 0; level < 256; level++) {
    const occurrences = histograms[base + level]!;
    if (occurrences === 0) continue;
    if (count === 0) origin = levels[level]!;
    count += occurrences;
    sum += occurrences * (levels[level]! - origin);
  }
  if (count === 0) return { count, mean: 0, squaredDeviations: 0 };
  const mean = origin + sum / count;
  let squaredDeviations = 0;
  for (let level = 0; level < 256; level++) {
    const deviation = levels[level]! - mean;
    squaredDeviations += histograms[base + level]! * deviation * deviation;
  }
  return { count, mean, squaredDeviations };
}

/** Thresholds descend, so one pointer walks down the levels while they are predicted. */
function countLevels(
  histogram: Uint32Array,
  levels: Float64Array,
  thresholds: ArrayLike<number>,
  comparison: Comparison,
): SweepCounts {
  const truePositives = new Uint32Array(thresholds.length);
  const predicted = new Uint32Array(thresholds.length);
  const strict = comparison === '>';
  let level = 255;
  let hits = 0;
  let all = 0;
  for (let t = 0; t < thresholds.length; t++) {
    const threshold = thresholds[t]!;
    for (; level >= 0 && (strict ? levels[level]! > threshold : levels[level]! >= threshold); level--) {
      hits += histogram[level + 256]!;
      all += histogram[level]! + histogram[level + 256]!;
    }
    truePositives[t] = hits;
    predicted[t] = all;
  }
  return { truePositives, predicted };
}

function countOccupied(
  histogram: Uint32Array,
  levels: Float64Array,
): SweepCounts & { thresholds: Float64Array } {
  const thresholds = levels
    .filter((_, level) => histogram[level]! + histogram[level + 256]! > 0)
    .toReversed();
  return { thresholds, ...countLevels(histogram, levels, thresholds, '>=') };
}

function binLevels(histogram: Uint32Array, levels: Float64Array, bins: number): BinCounts {
  const values = new Uint32Array(bins);
  const sums = new Float64Array(bins);
  const foreground = new Uint32Array(bins);
  for (let level = 0; level < 256; level++) {
    const inside = histogram[level + 256]!;
    const all = histogram[level]! + inside;
    const bin = binOf(levels[level]!, bins);
    values[bin]! += all;
    sums[bin]! += all * levels[level]!;
    foreground[bin]! += inside;
  }
  return { values, sums, foreground };
}

function mapLevels(bytes: Uint8Array, levels: Float64Array): Float64Array {
  const values = new Float64Array(bytes.length);
  for (let i = 0; i < values.length; i++) values[i] = levels[bytes[i]!]!;
  return values;
}
