import { connectedComponents } from './connected-components.js';
import { type VoxelGrid } from './voxel-grid.js';

/** Options of {@link fillHoles}. */
export interface FillHolesOptions {
  /** `volume`: holes are enclosed in space. `slices`: each slice is filled on its own. Default `volume`. */
  readonly within?: 'volume' | 'slices';
  /** Holes of more voxels stay open. Default: no limit. */
  readonly maxVoxels?: number;
}

/**
 * Fills the holes of a mask: background that no path over faces joins to the border of the grid (with `slices`: of its
 * slice), as SciPy's `binary_fill_holes`.
 *
 * @returns a new mask of 0 and 1
 */
export function fillHoles(
  mask: Uint8Array,
  dims: VoxelGrid['dims'],
  { within = 'volume', maxVoxels = Infinity }: FillHolesOptions = {},
): Uint8Array {
  const background = connectedComponents(mask, dims, {
    connectivity: within === 'volume' ? 6 : 4,
    invert: true,
  });
  const isOpen = new Uint8Array(background.count + 1);
  const [nx, ny, nz] = dims;
  background.forEachRun((component, start, end) => {
    const x = start % nx;
    const row = (start - x) / nx;
    const y = row % ny;
    const z = (row - y) / ny;
    const atSide = x === 0 || x + end - start === nx || y === 0 || y === ny - 1;
    if (atSide || (within === 'volume' && (z === 0 || z === nz - 1))) isOpen[component] = 1;
  });
  const filled = background.select(
    (component) => isOpen[component] === 0 && (background.sizes[component] ?? 0) <= maxVoxels,
  );
  for (let i = 0; i < filled.length; i++) if (mask[i] !== 0) filled[i] = 1;
  return filled;
}
