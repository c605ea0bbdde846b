import type { ByteMask } from '../foreground.js';
import type { Grid } from '../grid.js';

/** Foreground as runs of voxels along x, row by row: small where lesions are small. */
export interface Runs {
  /** First index of each run, and the index behind its last. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Runs of row r (= y + height * z) are rows[r] to rows[r + 1] - 1. */
  readonly rows: Int32Array;
}

/** All runs of a mask. */
export function findRuns({ bytes, above }: ByteMask, { width, height, depth }: Grid): Runs {
  const from: number[] = [];
  const to: number[] = [];
  const rows = new Int32Array(height * depth + 1);
  for (let row = 0; row < height * depth; row++) {
    const end = (row + 1) * width;
    for (let i = row * width; i < end; i++) {
      if (bytes[i]! <= above) continue;
      from.push(i);
      while (i < end && bytes[i]! > above) i++;
      to.push(i);
    }
    rows[row + 1] = from.length;
  }
  return { from: Int32Array.from(from), to: Int32Array.from(to), rows };
}

/** Calls `visit` for every pair of runs of two masks that share voxels, with the number of these. */
export function forEachOverlap(
  a: Runs,
  b: Runs,
  visit: (i: number, j: number, voxels: number) => void,
): void {
  for (let i = 0, j = 0; i < a.from.length && j < b.from.length;) {
    const voxels = Math.min(a.to[i]!, b.to[j]!) - Math.max(a.from[i]!, b.from[j]!);
    if (voxels > 0) visit(i, j, voxels);
    if (a.to[i]! < b.to[j]!) i++;
    else j++;
  }
}
