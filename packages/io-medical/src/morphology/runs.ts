import type { VoxelGrid } from './voxel-grid.js';

/** The stretches of non-zero voxels along x, in scan order. A mask of a hundred million voxels has a few million. */
export interface Runs {
  /** Index of each run's first voxel, and of the voxel behind its last. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Number of the first run of each row (row = y + ny * z), and behind the last row the number of runs. */
  readonly rowStarts: Int32Array;
}

/**
 * Finds the runs of a mask.
 *
 * @param options `invert`: the runs of zeros instead
 */
export function findRuns(
  mask: Uint8Array,
  [nx, ny, nz]: VoxelGrid['dims'],
  { invert = false }: { readonly invert?: boolean } = {},
): Runs {
  const rows = ny * nz;
  const rowStarts = new Int32Array(rows + 1);
  const count = countRuns(mask, nx * rows, nx, invert);
  const starts = new Int32Array(count);
  const ends = new Int32Array(count);
  let run = 0;
  for (let row = 0, i = 0; row < rows; row++) {
    rowStarts[row] = run;
    const end = i + nx;
    while (i < end) {
      while (i < end && (mask[i] !== 0) === invert) i++;
      if (i === end) break;
      starts[run] = i;
      while (i < end && (mask[i] !== 0) !== invert) i++;
      ends[run++] = i;
    }
  }
  rowStarts[rows] = run;
  return { starts, ends, rowStarts };
}

function countRuns(mask: Uint8Array, length: number, nx: number, invert: boolean): number {
  let count = 0;
  for (let i = 0, x = 0, inside = false; i < length; i++) {
    const isSet = (mask[i] !== 0) !== invert;
    if (isSet && (!inside || x === 0)) count++;
    inside = isSet;
    if (++x === nx) x = 0;
  }
  return count;
}
