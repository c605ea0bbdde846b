import { boundsOf, type Bounds } from '../bounds.js';
import { readMaskOf, type ByteMask, type Foreground } from '../foreground.js';
import type { Grid } from '../grid.js';
import type { MaskArray } from '../inputs.js';

/** A mask of 0 and 1 inside a box, with a margin of one empty voxel on every side; index = x + width * (y + height * z). */
export interface Box {
  readonly bytes: Uint8Array;
  /** Sizes with the margin. */
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly spacing: readonly [x: number, y: number, z: number];
  /** False for a 2-D image: one slice without a margin above and below. */
  readonly isVolume: boolean;
}

/** Two masks cut to what both need. */
export interface BoxPair {
  readonly prediction: Box;
  readonly groundTruth: Box;
  /** Whether a mask has foreground at all. */
  readonly isPredicted: boolean;
  readonly isTrue: boolean;
}

/**
 * Cuts both masks to the bounding box of their union, so that the work that follows depends on the lesions, not on the
 * image.
 *
 * @throws MetricsError as {@link countMasks}
 */
export function cropPair(
  prediction: MaskArray,
  groundTruth: MaskArray,
  grid: Grid,
  foregroundAbove: Foreground,
): BoxPair {
  const p = readMaskOf(grid, prediction, foregroundAbove, 'prediction');
  const g = readMaskOf(grid, groundTruth, foregroundAbove, 'groundTruth');
  const [pBounds, gBounds] = [p, g].map((mask) => boundsOf(mask, grid.width, grid.height)) as [
    Bounds,
    Bounds,
  ];
  const union = pBounds.map((bound, i) => (i < 3 ? Math.min : Math.max)(bound, gBounds[i]!)) as Bounds;
  return {
    prediction: cut(p, grid, union),
    groundTruth: cut(g, grid, union),
    isPredicted: pBounds[0] <= pBounds[3],
    isTrue: gBounds[0] <= gBounds[3],
  };
}

function cut({ bytes, above }: ByteMask, grid: Grid, [x0, y0, z0, x1, y1, z1]: Bounds): Box {
  const isVolume = grid.depth > 1;
  const margin = isVolume ? 1 : 0;
  const isEmpty = x0 > x1;
  const width = isEmpty ? 2 : x1 - x0 + 3;
  const height = isEmpty ? 2 : y1 - y0 + 3;
  const depth = (isEmpty ? 0 : z1 - z0 + 1) + 2 * margin;
  const cropped = new Uint8Array(width * height * depth);
  for (let z = z0; z <= z1; z++) {
    for (let y = y0; y <= y1; y++) {
      const from = grid.width * (y + grid.height * z);
      const to = 1 - x0 + width * (y - y0 + 1 + height * (z - z0 + margin));
      for (let x = x0; x <= x1; x++) cropped[to + x] = bytes[from + x]! > above ? 1 : 0;
    }
  }
  return { bytes: cropped, width, height, depth, spacing: grid.spacing, isVolume };
}
