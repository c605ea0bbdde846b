import type { VoxelGrid } from './voxel-grid.js';

/** Lets a pixel whose distance equals the radius count as reached, whatever the rounding of the spacing. */
const ROUNDING = 1 + 1e-9;

/**
 * Dilates each slice with a disc: a pixel is set if a pixel of the mask lies within `radius` of it, centre to centre.
 *
 * The vertical distance to the mask is counted along the columns first; from each pixel the disc then reaches a known
 * number of pixels to both sides of its row. Exact, without a distance per pixel, in time independent of the radius.
 *
 * @returns a new mask of 0 and 1
 */
export function dilateDisc(mask: Uint8Array, { dims, spacing }: VoxelGrid, radius: number): Uint8Array {
  const [nx, ny, nz] = dims;
  const rows = Math.floor((radius / spacing[1]) * ROUNDING);
  const beyond = rows + 1;
  // Pixels to both sides that a disc covers `i` rows from its centre; -1 beyond it.
  const reaches = Int32Array.from({ length: rows + 2 }, (_, i) =>
    i === beyond
      ? -1
      : Math.floor((Math.sqrt(Math.max(0, radius * radius - (i * spacing[1]) ** 2)) / spacing[0]) * ROUNDING),
  );
  const out = new Uint8Array(mask.length);
  const vertical = new Uint16Array(nx * ny);
  for (let z = 0; z < nz; z++) {
    const start = z * nx * ny;
    verticalSteps(mask, start, nx, ny, beyond, vertical);
    for (let y = 0; y < ny; y++) spreadRow(vertical, y * nx, nx, reaches, out, start);
  }
  return out;
}

/** Steps along the column from each pixel to the nearest of the mask, at most `beyond`. */
function verticalSteps(
  mask: Uint8Array,
  start: number,
  nx: number,
  ny: number,
  beyond: number,
  steps: Uint16Array,
): void {
  for (let i = 0; i < nx; i++) steps[i] = mask[start + i] === 0 ? beyond : 0;
  for (let i = nx; i < nx * ny; i++) {
    steps[i] = mask[start + i] === 0 ? Math.min(beyond, (steps[i - nx] ?? 0) + 1) : 0;
  }
  for (let i = nx * (ny - 1) - 1; i >= 0; i--) {
    const below = (steps[i + nx] ?? 0) + 1;
    if (below < (steps[i] ?? 0)) steps[i] = below;
  }
}

/** Sets what the pixels of one row reach, to the right in one sweep and to the left in another. */
function spreadRow(
  steps: Uint16Array,
  row: number,
  nx: number,
  reaches: Int32Array,
  out: Uint8Array,
  start: number,
): void {
  let reached = -1;
  for (let x = 0; x < nx; x++) {
    const reach = reaches[steps[row + x] ?? 0] ?? -1;
    if (reach >= 0 && x + reach > reached) reached = x + reach;
    if (x <= reached) out[start + row + x] = 1;
  }
  reached = nx;
  for (let x = nx - 1; x >= 0; x--) {
    const reach = reaches[steps[row + x] ?? 0] ?? -1;
    if (reach >= 0 && x - reach < reached) reached = x - reach;
    if (x >= reached) out[start + row + x] = 1;
  }
}
