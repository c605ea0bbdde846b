import type { Comparison } from './definition.js';
import type { ByteMask } from './foreground.js';
import type { Shape } from './inputs.js';
import type { MaskGeometry } from './mask-geometry.js';
import type { Moments } from './moments.js';

/** Integer counts at each threshold of a list. */
export interface SweepCounts {
  readonly truePositives: Uint32Array;
  readonly predicted: Uint32Array;
}

/** How many values fell into each bin, their sum, and how many of them are foreground. */
export interface BinCounts {
  readonly values: ArrayLike<number>;
  readonly sums: ArrayLike<number>;
  readonly foreground: ArrayLike<number>;
}

/** Everything the metrics need from one prediction and its ground truth, gathered in one joint pass. */
export interface MapStatistics {
  readonly shape: Shape;
  readonly pixels: number;
  readonly mask: ByteMask;
  readonly geometry: MaskGeometry;
  /** Moments of the (stretched) prediction; index = 2 * quadrant + (1 for foreground, 0 for background). */
  readonly groups: readonly Moments[];
  readonly warnings: readonly string[];
  /** Counts for descending thresholds; O(levels + thresholds) for 8-bit maps, O(pixels) for others. */
  count(thresholds: ArrayLike<number>, comparison: Comparison): SweepCounts;
  /** Counts at every distinct value of the map, from high to low. */
  countDistinct(): SweepCounts & { readonly thresholds: Float64Array };
  /** Values sorted into bins of equal width on 0..1; what lies outside goes to the first or the last. */
  bin(bins: number): BinCounts;
  /** The (stretched) prediction itself, [height * width]. */
  values(): Float64Array;
}

/** The bin of a value: [k / bins, (k + 1) / bins), the last one closed. */
export function binOf(value: number, bins: number): number {
  const bin = Math.floor(value * bins);
  return bin < 0 ? 0 : bin >= bins ? bins - 1 : bin;
}
