import type { VoxelGrid } from './voxel-grid.js';

/** The stretches of non-zero voxels along x, in scan order. A mask of a hundred million voxels has a few million. */
export interface Runs {
  /** Index of each run's first voxel, and of the voxel behind its last. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Number of the first run of each row (row = y + ny * z), and behind the last row the number of runs. */
  readonly rowStarts: Int32Array;
}

/** Calls `visit` for each run of voxels `start` to `end` (excluded), in scan order. */
export function eachRun({ starts, ends }: Runs, visit: (start: number, end: number) => void): void {
  for (let run = 0; run < starts.length; run++) visit(starts[run] ?? 0, ends[run] ?? 0);
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
  const next = zeroSkipper(mask);
  let starts = new Int32Array(1024);
  let ends = new Int32Array(1024);
  let run = 0;
  for (let row = 0, i = 0; row < rows; row++) {
    rowStarts[row] = run;
    const end = i + nx;
    while (i < end) {
      if (!invert) i = next(i, end);
      else while (i < end && mask[i] !== 0) i++;
      if (i === end) break;
      if (run === starts.length) [starts, ends] = [grown(starts), grown(ends)];
      starts[run] = i;
      if (invert) i = next(i, end);
      else while (i < end && mask[i] !== 0) i++;
      ends[run++] = i;
    }
  }
  rowStarts[rows] = run;
  return { starts: starts.subarray(0, run), ends: ends.subarray(0, run), rowStarts };
}

/** Finds the first voxel that is set from one voxel on, or `end`: most of a mask is zeros, passed over four at a time. */
function zeroSkipper(mask: Uint8Array): (from: number, end: number) => number {
  const { buffer, byteOffset, length } = mask;
  const words = byteOffset % 4 === 0 ? new Uint32Array(buffer, byteOffset, length >> 2) : new Uint32Array(0);
  return (from, end) => {
    let i = from;
    while (i < end && i % 4 !== 0 && mask[i] === 0) i++;
    if (i % 4 === 0) {
      const last = Math.min(words.length, end >> 2);
      let word = i >> 2;
      while (word < last && words[word] === 0) word++;
      i = Math.max(i, word << 2);
    }
    while (i < end && mask[i] === 0) i++;
    return i;
  };
}

function grown(values: Int32Array): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(2 * values.length);
  longer.set(values);
  return longer;
}
