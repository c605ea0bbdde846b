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
  /** The (stretched) prediction itself, [height * width]. */
  values(): Float64Array;
}
