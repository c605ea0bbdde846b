import { borderVoxels } from './border-voxels.js';
import type { Box, BoxPair } from './crop-pair.js';
import { distancesAt } from './distance-transform.js';
import { surfelsOf } from './surfels.js';

/** Distances from each piece of one surface to the other surface, ascending, with the piece's area. */
export interface DirectedDistances {
  readonly distances: Float64Array;
  /** Sizes of the pieces; all 1 for border voxels. */
  readonly areas: Float64Array;
}

/** Both directions. */
export interface SurfaceDistances {
  /** From the prediction's surface to the ground truth's. */
  readonly toTruth: DirectedDistances;
  /** From the ground truth's surface to the prediction's. */
  readonly toPrediction: DirectedDistances;
}

/** Distances between the border voxels of two masks: each voxel counts the same. */
export function borderDistances({ prediction, groundTruth }: BoxPair): SurfaceDistances {
  const [p, g] = [borderVoxels(prediction), borderVoxels(groundTruth)];
  const directed = (from: Uint8Array, to: Uint8Array): DirectedDistances => {
    const distances = distancesAt(to, from, prediction).toSorted();
    return { distances, areas: new Float64Array(distances.length).fill(1) };
  };
  return { toTruth: directed(p, g), toPrediction: directed(g, p) };
}

/** Distances between the surfels of two masks, with their areas. */
export function surfelDistances({ prediction, groundTruth }: BoxPair): SurfaceDistances {
  const [p, g] = [surfelsOf(prediction), surfelsOf(groundTruth)];
  return {
    toTruth: sortedTogether(distancesAt(g.present, p.present, prediction), p.areas),
    toPrediction: sortedTogether(distancesAt(p.present, g.present, prediction), g.areas),
  };
}

function sortedTogether(distances: Float64Array, areas: Float64Array): DirectedDistances {
  const order = Uint32Array.from(distances, (_, i) => i).toSorted((a, b) => distances[a]! - distances[b]!);
  const pick = (values: Float64Array): Float64Array => Float64Array.from(order, (i) => values[i]!);
  return { distances: pick(distances), areas: pick(areas) };
}

/** Length of the diagonal of a box, in its unit. */
export function diagonalOf({
  width,
  height,
  depth,
  spacing,
}: Pick<Box, 'width' | 'height' | 'depth' | 'spacing'>): number {
  return Math.hypot(width * spacing[0], height * spacing[1], depth > 1 ? depth * spacing[2] : 0);
}
