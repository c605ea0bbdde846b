import { readMask, type ByteMask, type Foreground } from '../foreground.js';
import type { Grid } from '../grid.js';
import { flattenTo, type MaskArray } from '../inputs.js';
import { isBlank } from '../mask-geometry.js';

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
  const read = (mask: MaskArray, argument: string): ByteMask =>
    readMask(flattenTo(mask, grid, argument), foregroundAbove, argument);
  const p = read(prediction, 'prediction');
  const g = read(groundTruth, 'groundTruth');
  const [pBounds, gBounds] = [boundsOf(p, grid), boundsOf(g, grid)];
  const union = pBounds.map((bound, i) => (i < 3 ? Math.min : Math.max)(bound, gBounds[i]!)) as Bounds;
  return {
    prediction: cut(p, grid, union),
    groundTruth: cut(g, grid, union),
    isPredicted: pBounds[0] <= pBounds[3],
    isTrue: gBounds[0] <= gBounds[3],
  };
}

/** First and last occupied column, row and slice; Infinity to -Infinity for an empty mask. */
type Bounds = [x0: number, y0: number, z0: number, x1: number, y1: number, z1: number];

function boundsOf({ bytes, above }: ByteMask, { width, height, depth }: Grid): Bounds {
  const bounds: Bounds = [Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity];
  const inWords = bytes.byteOffset % 4 === 0 && width % 4 === 0;
  const words = new Int32Array(
    inWords ? bytes.buffer : new ArrayBuffer(0),
    inWords ? bytes.byteOffset : 0,
    inWords ? bytes.length >> 2 : 0,
  );
  for (let row = 0; row < height * depth; row++) {
    const start = row * width;
    let from = start;
    let to = start + width - 1;
    if (inWords) while (from + 16 <= to && isBlank(words, from >> 2)) from += 16;
    while (from <= to && bytes[from]! <= above) from++;
    if (from > to) continue;
    while (bytes[to]! <= above) to--;
    const y = row % height;
    const z = (row - y) / height;
    if (from - start < bounds[0]) bounds[0] = from - start;
    if (y < bounds[1]) bounds[1] = y;
    if (z < bounds[2]) bounds[2] = z;
    if (to - start > bounds[3]) bounds[3] = to - start;
    if (y > bounds[4]) bounds[4] = y;
    if (z > bounds[5]) bounds[5] = z;
  }
  return bounds;
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
