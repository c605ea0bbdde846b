import type { Comparison, Definition } from './definition.js';
import { checkFinite, type ByteMask } from './foreground.js';
import { isFloatArray, type Shape } from './inputs.js';
import type { MapStatistics, SweepCounts } from './map-statistics.js';
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
    values: () => values,
  };
}

/** Two passes: means from the first value of each group (exact for a constant group), then squared deviations. */
function groupMoments(values: Float64Array, mask: ByteMask, geometry: MaskGeometry, shape: Shape): Moments[] {
  const { bytes, above } = mask;
  const groups = QUADRANTS * 2;
  const count = new Uint32Array(groups);
  const mean = new Float64Array(groups);
  const origin = new Float64Array(groups);
  const squaredDeviations = new Float64Array(groups);
  forEachRun(shape, geometry, (from, to, quadrant) => {
    for (let i = from; i < to; i++) {
      const group = 2 * quadrant + (bytes[i]! > above ? 1 : 0);
      if (count[group]!++ === 0) origin[group] = values[i]!;
      mean[group]! += values[i]! - origin[group]!;
    }
  });
  for (let group = 0; group < groups; group++) {
    if (count[group]! > 0) mean[group] = origin[group]! + mean[group]! / count[group]!;
  }
  forEachRun(shape, geometry, (from, to, quadrant) => {
    for (let i = from; i < to; i++) {
      const group = 2 * quadrant + (bytes[i]! > above ? 1 : 0);
      const deviation = values[i]! - mean[group]!;
      squaredDeviations[group]! += deviation * deviation;
    }
  });
  return Array.from(count, (n, group) => ({
    count: n,
    mean: mean[group]!,
    squaredDeviations: squaredDeviations[group]!,
  }));
}

/**
 * Sorts every value under the first threshold it passes: a guess as if the thresholds were evenly spaced, then steps
 * that compare with the thresholds themselves, so that any descending list is decided exactly.
 */
function countValues(
  values: Float64Array,
  mask: ByteMask,
  thresholds: ArrayLike<number>,
  comparison: Comparison,
): SweepCounts {
  const last = thresholds.length - 1;
  const highest = thresholds[0]!;
  const perUnit = last === 0 ? 0 : last / (highest - thresholds[last]!);
  const strict = comparison === '>';
  const truePositives = new Uint32Array(last + 2); // one more bin for what passes no threshold
  const predicted = new Uint32Array(last + 2);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    let first = Math.min(last, Math.max(0, Math.ceil((highest - value) * perUnit)));
    if (strict) {
      while (first > 0 && value > thresholds[first - 1]!) first--;
      while (first <= last && value <= thresholds[first]!) first++;
    } else {
      while (first > 0 && value >= thresholds[first - 1]!) first--;
      while (first <= last && value < thresholds[first]!) first++;
    }
    predicted[first]!++;
    if (mask.bytes[i]! > mask.above) truePositives[first]!++;
  }
  for (let t = 1; t <= last; t++) {
    truePositives[t]! += truePositives[t - 1]!;
    predicted[t]! += predicted[t - 1]!;
  }
  return { truePositives: truePositives.subarray(0, last + 1), predicted: predicted.subarray(0, last + 1) };
}
