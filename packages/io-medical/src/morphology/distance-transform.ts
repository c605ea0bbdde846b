import { checkMask } from './connected-components.js';
import type { VoxelGrid } from './voxel-grid.js';

/**
 * Exact Euclidean distance from each voxel of a mask to the nearest voxel outside it, centre to centre, in the unit of
 * the spacing: SciPy's `distance_transform_edt` with `sampling`. What lies beyond the grid does not count; a mask
 * without any outside gives Infinity.
 *
 * One pass along x and a lower envelope of parabolas along y and z (Felzenszwalb and Huttenlocher, 2012), in double
 * precision, kept as float32.
 *
 * @returns one distance per voxel, 0 outside the mask
 */
export function distanceTransform(mask: Uint8Array, grid: VoxelGrid): Float32Array {
  const squared = squaredDistance(mask, grid);
  for (let i = 0; i < squared.length; i++) squared[i] = Math.sqrt(squared[i] ?? 0);
  return squared;
}

/** Squared distances of {@link distanceTransform}. */
export function squaredDistance(mask: Uint8Array, { dims, spacing }: VoxelGrid): Float32Array {
  checkMask(mask, dims);
  const [nx, ny, nz] = dims;
  const squared = new Float32Array(mask.length);
  for (let row = 0; row < ny * nz; row++) alongX(mask, squared, row * nx, nx, spacing[0]);
  const line = new Envelope(Math.max(ny, nz));
  for (let z = 0; z < nz; z++) {
    for (let x = 0; x < nx; x++) line.apply(squared, x + nx * ny * z, nx, ny, spacing[1]);
  }
  for (let i = 0; i < nx * ny; i++) line.apply(squared, i, nx * ny, nz, spacing[2]);
  return squared;
}

/** Squared distance within a row: steps since the last zero, from both ends. */
function alongX(mask: Uint8Array, squared: Float32Array, start: number, nx: number, spacing: number): void {
  let steps = Infinity;
  for (let i = start; i < start + nx; i++) {
    steps = mask[i] === 0 ? 0 : steps + 1;
    squared[i] = steps;
  }
  steps = Infinity;
  for (let i = start + nx - 1; i >= start; i--) {
    steps = mask[i] === 0 ? 0 : steps + 1;
    const nearest = spacing * Math.min(steps, squared[i] ?? 0);
    squared[i] = nearest * nearest;
  }
}

/** Lower envelope of the parabolas over one line of voxels. */
class Envelope {
  readonly #heights: Float64Array;
  /** Where each parabola of the envelope stands, and from where it is the lowest. */
  readonly #places: Int32Array;
  readonly #borders: Float64Array;

  constructor(longest: number) {
    this.#heights = new Float64Array(longest);
    this.#places = new Int32Array(longest);
    this.#borders = new Float64Array(longest + 1);
  }

  /** Replaces the `count` values from `start` on, `stride` apart. */
  apply(values: Float32Array, start: number, stride: number, count: number, spacing: number): void {
    if (count < 2) return;
    const heights = this.#heights;
    const places = this.#places;
    const borders = this.#borders;
    const unit = spacing * spacing;
    let top = -1;
    for (let q = 0; q < count; q++) {
      const height = values[start + q * stride] ?? 0;
      heights[q] = height;
      if (height === Infinity) continue;
      let border = -Infinity;
      while (top >= 0) {
        const p = places[top] ?? 0;
        border = (height - (heights[p] ?? 0)) / (2 * unit * (q - p)) + (q + p) / 2;
        if (border > (borders[top] ?? 0)) break;
        top--;
        border = -Infinity;
      }
      places[++top] = q;
      borders[top] = border;
    }
    if (top < 0) return;
    for (let q = 0, at = 0; q < count; q++) {
      while (at < top && (borders[at + 1] ?? 0) < q) at++;
      const p = places[at] ?? 0;
      values[start + q * stride] = (heights[p] ?? 0) + unit * (q - p) * (q - p);
    }
  }
}
