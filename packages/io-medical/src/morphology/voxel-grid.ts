/** A block of voxels, x fastest: voxel (x, y, z) is `values[x + nx * (y + ny * z)]`. */
export interface VoxelGrid {
  readonly dims: readonly [nx: number, ny: number, nz: number];
  /** Millimetres (or any one unit) between voxels along x, y and z. */
  readonly spacing: readonly [number, number, number];
}

/** A box of voxels, ends excluded. */
export interface VoxelBox {
  readonly from: readonly [number, number, number];
  readonly to: readonly [number, number, number];
}

/** Voxels of a grid. */
export function voxelCount([nx, ny, nz]: VoxelGrid['dims']): number {
  return nx * ny * nz;
}

/** Size of a box along x, y and z. */
export function boxDims({ from, to }: VoxelBox): [number, number, number] {
  return [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
}

/** The smallest box around a mask's voxels; undefined where there are none. */
export function maskBox(mask: Uint8Array, [nx, ny, nz]: VoxelGrid['dims']): VoxelBox | undefined {
  const from: [number, number, number] = [nx, ny, nz];
  const to: [number, number, number] = [0, 0, 0];
  for (let z = 0, row = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++, row += nx) {
      let first = row;
      const end = row + nx;
      while (first < end && mask[first] === 0) first++;
      if (first === end) continue;
      let last = end - 1;
      while (mask[last] === 0) last--;
      from[0] = Math.min(from[0], first - row);
      from[1] = Math.min(from[1], y);
      from[2] = Math.min(from[2], z);
      to[0] = Math.max(to[0], last - row + 1);
      to[1] = Math.max(to[1], y + 1);
      to[2] = z + 1;
    }
  }
  return to[2] === 0 ? undefined : { from, to };
}

/** A box grown by a number of voxels along each axis; it may reach beyond the grid. */
export function growBox({ from, to }: VoxelBox, by: readonly [number, number, number]): VoxelBox {
  return {
    from: [from[0] - by[0], from[1] - by[1], from[2] - by[2]],
    to: [to[0] + by[0], to[1] + by[1], to[2] + by[2]],
  };
}

/** Copies a box out of a mask; what lies beyond the grid is 0. */
export function cropMask(mask: Uint8Array, dims: VoxelGrid['dims'], box: VoxelBox): Uint8Array {
  const size = boxDims(box);
  const out = new Uint8Array(voxelCount(size));
  forEachCommonRow(dims, box, (outer, inner, length) => {
    out.set(mask.subarray(outer, outer + length), inner);
  });
  return out;
}

/** Copies a box back to its place; what lies beyond the grid is dropped. The inverse of {@link cropMask}. */
export function pasteMask(
  target: Uint8Array,
  dims: VoxelGrid['dims'],
  box: VoxelBox,
  part: Uint8Array,
): void {
  forEachCommonRow(dims, box, (outer, inner, length) => {
    target.set(part.subarray(inner, inner + length), outer);
  });
}

/** Calls `visit` with where each row that grid and box share begins in both, and its length. */
function forEachCommonRow(
  [nx, ny, nz]: VoxelGrid['dims'],
  box: VoxelBox,
  visit: (outer: number, inner: number, length: number) => void,
): void {
  const { from } = box;
  const [bx, by] = boxDims(box);
  const x0 = Math.max(0, from[0]);
  const length = Math.min(nx, box.to[0]) - x0;
  if (length <= 0) return;
  for (let z = Math.max(0, from[2]); z < Math.min(nz, box.to[2]); z++) {
    for (let y = Math.max(0, from[1]); y < Math.min(ny, box.to[1]); y++) {
      visit(x0 + nx * (y + ny * z), x0 - from[0] + bx * (y - from[1] + by * (z - from[2])), length);
    }
  }
}
