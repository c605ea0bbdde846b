import { connectedComponents } from '../morphology/connected-components.js';
import { distanceTransform } from '../morphology/distance-transform.js';
import {
  boxDims,
  cropMask,
  growBox,
  type VoxelBox,
  type VoxelGrid,
  voxelCount,
} from '../morphology/voxel-grid.js';
import { LEFT_LUNG, RIGHT_LUNG } from './labels.js';

/** Side of the coarse cells in which the narrowest place is looked for. */
const CELL_MM = 2.5;
/** How far the two lungs are eaten away to part them. */
const DEEPEST_MM = 16;
/** What has to be left of each lung then, as a share of both. */
const CORE_SHARE = 0.04;
/** Smaller pieces do not hinder. */
const PIECE_SHARE = 0.005;
/** Share of a piece that has to lie on its own side of the midline. */
const OWN_SIDE = 0.9;
/** Fineness of the flood's order, in millimetres. */
const LEVEL_MM = 0.25;

/**
 * Parts a region that spans both sides where it is narrowest: eaten away from its surface until no piece spans both
 * sides, then flooded from the pieces, the deepest places first (a watershed), on cells of 2.5 mm.
 *
 * @param region mask in display order
 * @param box around the region
 * @param midline column
 * @returns side of each voxel of the region, 0 elsewhere, on the whole grid; undefined where it does not fall apart
 */
export function splitSides(
  region: Uint8Array,
  grid: VoxelGrid,
  box: VoxelBox,
  midline: number,
): Uint8Array | undefined {
  const factor = grid.spacing.map((step) => Math.max(1, Math.round(CELL_MM / step))) as [
    number,
    number,
    number,
  ];
  // A rim of outside on the sides, so that distances end there; a volume may cut the lungs above and below.
  const wide = growBox(box, [factor[0], factor[1], 0]);
  const coarse = coarsen(cropMask(region, grid.dims, wide), boxDims(wide), factor);
  const spacing = grid.spacing.map((step, axis) => step * (factor[axis] ?? 1)) as [number, number, number];
  const cells: VoxelGrid = { dims: coarse.dims, spacing };
  const depth = distanceTransform(coarse.mask, cells);
  const middle = (midline - wide.from[0]) / factor[0];
  const sides = findCores(depth, cells, middle);
  if (sides === undefined) return undefined;
  flood(sides, depth, cells);
  spreadByOne(sides, cells);
  return refine(region, grid.dims, box, (x, y, z) => {
    const [cx, cy] = cells.dims;
    const at = (value: number, axis: 0 | 1 | 2): number =>
      Math.floor((value - wide.from[axis]) / factor[axis]);
    const side = sides[at(x, 0) + cx * (at(y, 1) + cy * at(z, 2))] ?? 0;
    return side === 0 ? (x < midline ? RIGHT_LUNG : LEFT_LUNG) : side;
  });
}

/** Cells of which more than half is mask. */
function coarsen(
  mask: Uint8Array,
  [nx, ny, nz]: VoxelGrid['dims'],
  [fx, fy, fz]: readonly [number, number, number],
): { mask: Uint8Array; dims: [number, number, number] } {
  const dims: [number, number, number] = [Math.ceil(nx / fx), Math.ceil(ny / fy), Math.ceil(nz / fz)];
  const counts = new Uint16Array(voxelCount(dims));
  for (let z = 0, i = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const row = dims[0] * (Math.floor(y / fy) + dims[1] * Math.floor(z / fz));
      for (let x = 0; x < nx; x++, i++) {
        if (mask[i] !== 0) {
          const cell = row + Math.floor(x / fx);
          counts[cell] = (counts[cell] ?? 0) + 1;
        }
      }
    }
  }
  return { mask: Uint8Array.from(counts, (count) => (2 * count > fx * fy * fz ? 1 : 0)), dims };
}

/** The pieces, labelled by their side, at the least depth at which each lies on one; all other cells 0. */
function findCores(
  depth: Float32Array,
  { dims, spacing }: VoxelGrid,
  middle: number,
): Uint8Array | undefined {
  const whole = depth.reduce((count, value) => count + (value > 0 ? 1 : 0), 0);
  for (let least = Math.min(...spacing); least <= DEEPEST_MM; least += 1.25) {
    const pieces = connectedComponents(
      Uint8Array.from(depth, (value) => (value > least ? 1 : 0)),
      dims,
    );
    const left = new Float64Array(pieces.count + 1);
    pieces.forEachRun((piece, start, end) => {
      const x = start % dims[0];
      left[piece] = (left[piece] ?? 0) + Math.max(0, x + end - start - Math.max(x, middle));
    });
    const sideOf = new Uint8Array(pieces.count + 1);
    const totals = [0, 0, 0];
    for (let piece = 1; piece <= pieces.count; piece++) {
      const size = pieces.sizes[piece] ?? 0;
      const share = (left[piece] ?? 0) / size;
      const side = share >= OWN_SIDE ? LEFT_LUNG : share <= 1 - OWN_SIDE ? RIGHT_LUNG : 0;
      sideOf[piece] = side;
      if (side !== 0 || size >= PIECE_SHARE * whole) totals[side] = (totals[side] ?? 0) + size;
    }
    const [spanning = 0, right = 0, leftTotal = 0] = totals;
    if (spanning > 0 || Math.min(right, leftTotal) < CORE_SHARE * whole) continue;
    return Uint8Array.from(pieces.toLabels(), (piece) => sideOf[piece] ?? 0);
  }
  return undefined;
}

/** Spreads the labels of the cores over the rest of the region, the deepest cells first. */
function flood(sides: Uint8Array, depth: Float32Array, { dims: [nx, ny, nz] }: VoxelGrid): void {
  const levelOf = (i: number): number => Math.floor((depth[i] ?? 0) / LEVEL_MM);
  const levels: number[][] = [];
  const push = (i: number, from: number, ceiling: number): void => {
    if ((depth[i] ?? 0) === 0 || sides[i] !== 0) return;
    (levels[Math.min(levelOf(i), ceiling)] ??= []).push(i, from);
  };
  const pushNeighbours = (i: number, ceiling: number): void => {
    const x = i % nx;
    const row = (i - x) / nx;
    const y = row % ny;
    const z = (row - y) / ny;
    if (x > 0) push(i - 1, i, ceiling);
    if (x < nx - 1) push(i + 1, i, ceiling);
    if (y > 0) push(i - nx, i, ceiling);
    if (y < ny - 1) push(i + nx, i, ceiling);
    if (z > 0) push(i - nx * ny, i, ceiling);
    if (z < nz - 1) push(i + nx * ny, i, ceiling);
  };
  for (let i = 0; i < sides.length; i++) if (sides[i] !== 0) pushNeighbours(i, Infinity);
  for (let level = levels.length - 1; level >= 0; level--) {
    const queue = levels[level] ?? [];
    for (let next = 0; next < queue.length; next += 2) {
      const i = queue[next] ?? 0;
      if (sides[i] !== 0) continue;
      sides[i] = sides[queue[next + 1] ?? 0] ?? 0;
      pushNeighbours(i, level);
    }
  }
}

/** Gives cells at the surface, of which less than half is mask, the side of a neighbour. */
function spreadByOne(sides: Uint8Array, { dims: [nx, ny] }: VoxelGrid): void {
  const before = sides.slice();
  for (let i = 0; i < sides.length; i++) {
    if (before[i] !== 0) continue;
    for (const step of [-1, 1, -nx, nx, -nx * ny, nx * ny]) {
      const side = before[i + step] ?? 0;
      if (side !== 0) sides[i] = side;
    }
  }
}

/** The side of each voxel of the region; 0 elsewhere. Same size as the grid. */
function refine(
  region: Uint8Array,
  [nx, ny]: VoxelGrid['dims'],
  { from, to }: VoxelBox,
  sideAt: (x: number, y: number, z: number) => number,
): Uint8Array {
  const out = new Uint8Array(region.length);
  for (let z = from[2]; z < to[2]; z++) {
    for (let y = from[1]; y < to[1]; y++) {
      for (let x = from[0], i = x + nx * (y + ny * z); x < to[0]; x++, i++) {
        if (region[i] !== 0) out[i] = sideAt(x, y, z);
      }
    }
  }
  return out;
}
