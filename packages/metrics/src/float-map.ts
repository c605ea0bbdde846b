import type { Comparison, Definition } from './definition.js';
import { checkFinite, type ByteMask } from './foreground.js';
import { isFloatArray, type Shape } from './inputs.js';
import { binOf, type BinCounts, type MapStatistics, type SweepCounts } from './map-statistics.js';
import { forEachRun, QUADRANTS, type MaskGeometry } from './mask-geometry.js';
import type { Moments } from './moments.js';
import { binaryWarning, stretchOf } from './stretch.js';

/** Statistics of a 16-bit or float map, with exactly the decisions that comparing every pixel would give. */
export function openFloatMap(
  prediction: Uint16Array | Float32Array | Float64Array,
  mask: ByteMask,
  geometry: MaskGeometry,
  shape: Shape,
  definition: Definition,
): MapStatistics {
  if (isFloatArray(prediction)) checkFinite(prediction, 'prediction');
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < prediction.length; i++) {
    const value = prediction[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const { maximum, low, gain } = stretchOf(prediction, min, max, definition);
  const values = new Float64Array(prediction.length);
  for (let i = 0; i < values.length; i++) values[i] = (prediction[i]! / maximum - low) * gain;
  return {
    shape,
    pixels: values.length,
    mask,
    geometry,
    groups: groupMoments(values, mask, geometry, shape),
    warnings: isFloatArray(prediction) ? [] : binaryWarning(prediction, max, definition),
    count: (thresholds, comparison) => countValues(values, mask, thresholds, comparison),
    countDistinct: () => countSorted(values, mask),
    bin: (bins) => binValues(values, mask, bins),
    values: () => values,
  };
}

/** Two passes: means from the first value of each group (exact for a constant group), then squared deviations. */
function groupMoments(
  values: Float64Array,
  mask: ByteMask,
  geometry: MaskGeometry,
  shape: Shape,
): readonly Moments[] {
  const origins = firstValues(values, mask, geometry, shape);
  const { count, sum } = deviations(values, mask, geometry, shape, origins);
  const means = origins.map((origin, group) =>
    count[group] === 0 ? 0 : origin + sum[group]! / count[group]!,
  );
  const { squares } = deviations(values, mask, geometry, shape, means);
  return Array.from(count, (n, group) => ({
    count: n,
    mean: means[group]!,
    squaredDeviations: squares[group]!,
  }));
}

/** The first value of each group in reading order; 0 for an empty group. */
function firstValues(
  values: Float64Array,
  mask: ByteMask,
  geometry: MaskGeometry,
  shape: Shape,
): Float64Array {
  const { bytes, above } = mask;
  const first = new Float64Array(2 * QUADRANTS);
  const found = new Uint8Array(2 * QUADRANTS);
  forEachRun(shape, geometry, (from, to, quadrant) => {
    const known = found[2 * quadrant]! + found[2 * quadrant + 1]!;
    if (known === 2) return;
    for (let i = from; i < to; i++) {
      const group = 2 * quadrant + (bytes[i]! > above ? 1 : 0);
      if (found[group] === 1) continue;
      found[group] = 1;
      first[group] = values[i]!;
    }
  });
  return first;
}

/** Number, sum and sum of squares of the deviations from one origin per group. */
function deviations(
  values: Float64Array,
  { bytes, above }: ByteMask,
  geometry: MaskGeometry,
  shape: Shape,
  origins: Float64Array,
): { count: Uint32Array; sum: Float64Array; squares: Float64Array } {
  const count = new Uint32Array(origins.length);
  const sum = new Float64Array(origins.length);
  const squares = new Float64Array(origins.length);
  forEachRun(shape, geometry, (from, to, quadrant) => {
    const [outer, inner] = [2 * quadrant, 2 * quadrant + 1];
    const [outerOrigin, innerOrigin] = [origins[outer]!, origins[inner]!];
    let [inside, outerSum, outerSquares, innerSum, innerSquares] = [0, 0, 0, 0, 0];
    for (let i = from; i < to; i++) {
      if (bytes[i]! > above) {
        const deviation = values[i]! - innerOrigin;
        inside++;
        innerSum += deviation;
        innerSquares += deviation * deviation;
      } else {
        const deviation = values[i]! - outerOrigin;
        outerSum += deviation;
        outerSquares += deviation * deviation;
      }
    }
    count[outer]! += to - from - inside;
    count[inner]! += inside;
    sum[outer]! += outerSum;
    sum[inner]! += innerSum;
    squares[outer]! += outerSquares;
    squares[inner]! += innerSquares;
  });
  return { count, sum, squares };
}

/** Sorts every value under the first threshold it passes; thresholds descend. */
function countValues(
  values: Float64Array,
  mask: ByteMask,
  thresholds: ArrayLike<number>,
  comparison: Comparison,
): SweepCounts {
  if (thresholds.length === 1) return countAbove(values, mask, thresholds[0]!, comparison);
  const { bytes, above } = mask;
  const firstPassed = thresholdFinder(thresholds, comparison);
  const last = thresholds.length - 1;
  const truePositives = new Uint32Array(last + 2); // one more bin for what passes no threshold
  const predicted = new Uint32Array(last + 2);
  for (let i = 0; i < values.length; i++) {
    const first = firstPassed(values[i]!);
    predicted[first]!++;
    if (bytes[i]! > above) truePositives[first]!++;
  }
  for (let t = 1; t <= last; t++) {
    truePositives[t]! += truePositives[t - 1]!;
    predicted[t]! += predicted[t - 1]!;
  }
  return { truePositives: truePositives.subarray(0, last + 1), predicted: predicted.subarray(0, last + 1) };
}

/**
 * The index of the first threshold that a value passes, decided by comparing with the thresholds themselves: a guess as
 * if they were evenly spaced and a step or two from there, or bisection where they are not.
 */
function thresholdFinder(thresholds: ArrayLike<number>, comparison: Comparison): (value: number) => number {
  const last = thresholds.length - 1;
  const highest = thresholds[0]!;
  const perUnit = last / (highest - thresholds[last]!);
  const strict = comparison === '>';
  const passes = (value: number, t: number): boolean =>
    strict ? value > thresholds[t]! : value >= thresholds[t]!;
  const even = Array.from(thresholds).every((value, t) => Math.abs((highest - value) * perUnit - t) < 1);
  if (even) {
    return (value) => {
      const guess = (highest - value) * perUnit;
      let first = guess <= 0 ? 0 : guess >= last ? last : guess | 0;
      while (first > 0 && passes(value, first - 1)) first--;
      while (first <= last && !passes(value, first)) first++;
      return first;
    };
  }
  return (value) => {
    let [from, to] = [0, last + 1];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (passes(value, middle)) to = middle;
      else from = middle + 1;
    }
    return from;
  };
}

/** One threshold needs no sorting. */
function countAbove(
  values: Float64Array,
  { bytes, above }: ByteMask,
  threshold: number,
  comparison: Comparison,
): SweepCounts {
  const strict = comparison === '>';
  let truePositives = 0;
  let predicted = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (strict ? value <= threshold : value < threshold) continue;
    predicted++;
    if (bytes[i]! > above) truePositives++;
  }
  return { truePositives: Uint32Array.of(truePositives), predicted: Uint32Array.of(predicted) };
}

/** Both classes sorted on their own, then merged from the top. */
function countSorted(
  values: Float64Array,
  { bytes, above }: ByteMask,
): SweepCounts & { thresholds: Float64Array } {
  const inside = values.filter((_, i) => bytes[i]! > above).toSorted();
  const outside = values.filter((_, i) => bytes[i]! <= above).toSorted();
  const thresholds = new Float64Array(values.length);
  const truePositives = new Uint32Array(values.length);
  const predicted = new Uint32Array(values.length);
  let next = 0;
  for (let hits = 0, misses = 0; hits + misses < values.length; next++) {
    const highest = Math.max(inside.at(-1 - hits) ?? -Infinity, outside.at(-1 - misses) ?? -Infinity);
    while (inside.at(-1 - hits) === highest) hits++;
    while (outside.at(-1 - misses) === highest) misses++;
    thresholds[next] = highest;
    truePositives[next] = hits;
    predicted[next] = hits + misses;
  }
  return {
    thresholds: thresholds.slice(0, next),
    truePositives: truePositives.slice(0, next),
    predicted: predicted.slice(0, next),
  };
}

function binValues(values: Float64Array, { bytes, above }: ByteMask, bins: number): BinCounts {
  const counts = new Uint32Array(bins);
  const sums = new Float64Array(bins);
  const foreground = new Uint32Array(bins);
  for (let i = 0; i < values.length; i++) {
    const bin = binOf(values[i]!, bins);
    counts[bin]!++;
    sums[bin]! += values[i]!;
    if (bytes[i]! > above) foreground[bin]!++;
  }
  return { values: counts, sums, foreground };
}
