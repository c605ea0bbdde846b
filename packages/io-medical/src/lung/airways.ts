import { dilate, opening } from '../morphology/dilate-erode.js';
import { voxelCount } from '../morphology/voxel-grid.js';
import type { Volume } from '../volume.js';
import { type DisplayGrid, volumeIndex } from './display-grid.js';
import { findWindpipe, type Windpipe } from './windpipe.js';

/** Windpipe and bronchi together hold less; more is a leak into the lung. */
const LARGEST_ML = 100;
/** Growth from one threshold to the next that is a leak: more than this factor and these millilitres. */
const LEAK_FACTOR = 1.3;
const LEAK_ML = 5;
/** Steps above the density of the windpipe's air, in HU, that are tried in turn. */
const STEPS_HU = [40, 55, 70, 85, 100] as const;
/** Airways of a larger radius are windpipe and main bronchi; thinner ones are part of the lung. */
const TRUNK_RADIUS_MM = 4;
const WALL_MM = 3;

/** Windpipe and main bronchi, in display order. */
export interface AirwayTrunk {
  /** The air. */
  readonly lumen: Uint8Array;
  /** The air and its wall. */
  readonly withWall: Uint8Array;
}

/**
 * Windpipe and main bronchi: the windpipe is found from the top, grown through thin air with rising thresholds until
 * it leaks into the lung, and thinned to what is wider than a lobar bronchus.
 *
 * @param inside air that is enclosed by the body
 * @returns undefined where no windpipe is seen
 */
export function findAirwayTrunk(
  inside: Uint8Array,
  volume: Volume,
  grid: DisplayGrid,
  midline: number,
): AirwayTrunk | undefined {
  const windpipe = findWindpipe(inside, volume, grid, midline);
  if (windpipe === undefined) return undefined;
  const airways = new Uint8Array(voxelCount(grid.dims));
  for (const i of grow(windpipe, inside, volume, grid)) airways[i] = 1;
  const lumen = opening(airways, grid, { radius: TRUNK_RADIUS_MM, shape: 'disc' });
  for (const i of windpipe.voxels) lumen[i] = 1;
  return { lumen, withWall: dilate(lumen, grid, { radius: WALL_MM, shape: 'disc' }) };
}

/** The largest growth that does not leak; the windpipe alone where the first already does. */
function grow(windpipe: Windpipe, inside: Uint8Array, volume: Volume, grid: DisplayGrid): Iterable<number> {
  const voxelMl = (grid.spacing[0] * grid.spacing[1] * grid.spacing[2]) / 1000;
  const limit = Math.ceil(LARGEST_ML / voxelMl) + windpipe.voxels.length;
  const seen = new Uint8Array(inside.length);
  let best: Int32Array | number[] = windpipe.voxels;
  for (const step of STEPS_HU) {
    const grown = flood(windpipe.voxels, windpipe.density + step, { inside, seen, limit }, volume, grid);
    for (const i of grown) seen[i] = 0;
    const gain = grown.length - LEAK_FACTOR * best.length;
    if (grown.length >= limit || gain * voxelMl > LEAK_ML) break;
    best = grown;
  }
  return best;
}

/**
 * Voxels that faces join to the seeds through air whose mean over 3 x 3 voxels of the slice is below a threshold; stops
 * at `limit`. Single voxels of noise would lead from a bronchus into thin lung.
 */
function flood(
  seeds: Int32Array,
  threshold: number,
  { inside, seen, limit }: { readonly inside: Uint8Array; readonly seen: Uint8Array; readonly limit: number },
  { voxels }: Volume,
  grid: DisplayGrid,
): number[] {
  const [nx, ny, nz] = grid.dims;
  const { columnStride, rowStride, sliceStride } = grid.frame;
  const reached: number[] = [];
  // What is enclosed by the body does not lie at the side of the image, so all nine are there.
  const meanAround = (own: number): number => {
    let sum = 0;
    for (let row = -rowStride; Math.abs(row) <= Math.abs(rowStride); row += rowStride) {
      const at = own + row;
      sum += (voxels[at - columnStride] ?? 0) + (voxels[at] ?? 0) + (voxels[at + columnStride] ?? 0);
    }
    return sum / 9;
  };
  const visit = (i: number, own: number): void => {
    if (inside[i] === 0 || seen[i] === 1 || meanAround(own) >= threshold) return;
    seen[i] = 1;
    reached.push(i);
  };
  for (const seed of seeds) visit(seed, volumeIndex(grid, seed));
  for (let next = 0; next < reached.length && reached.length < limit; next++) {
    const i = reached[next] ?? 0;
    const own = volumeIndex(grid, i);
    const x = i % nx;
    const row = (i - x) / nx;
    const y = row % ny;
    const z = (row - y) / ny;
    if (x > 0) visit(i - 1, own - columnStride);
    if (x < nx - 1) visit(i + 1, own + columnStride);
    if (y > 0) visit(i - nx, own - rowStride);
    if (y < ny - 1) visit(i + nx, own + rowStride);
    if (z > 0) visit(i - nx * ny, own - sliceStride);
    if (z < nz - 1) visit(i + nx * ny, own + sliceStride);
  }
  return reached;
}
