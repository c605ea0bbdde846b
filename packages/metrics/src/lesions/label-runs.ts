import type { Grid } from '../grid.js';
import { oneOf } from '../one-of.js';
import type { Runs } from './runs.js';

/**
 * Which voxels belong together: neighbours across a side (4 in an image, 6 in a volume), across an edge too (18), across
 * a corner too (8, 26).
 */
export type Connectivity = 4 | 8 | 6 | 18 | 26;

/** A row that was scanned before, and how many voxels beyond its ends a run there reaches. */
type EarlierRow = readonly [dy: number, dz: number, reach: 0 | 1];

const EARLIER: Readonly<Record<Connectivity, readonly EarlierRow[]>> = {
  4: [[-1, 0, 0]],
  8: [[-1, 0, 1]],
  6: [
    [-1, 0, 0],
    [0, -1, 0],
  ],
  18: [
    [-1, 0, 1],
    [0, -1, 1],
    [-1, -1, 0],
    [1, -1, 0],
  ],
  26: [
    [-1, 0, 1],
    [0, -1, 1],
    [-1, -1, 1],
    [1, -1, 1],
  ],
};

/**
 * The given connectivity, or the widest: 8 for an image, 26 for a volume.
 *
 * @throws MetricsError `invalid-option` for one that does not fit the number of axes
 */
export function connectivityOf({ depth }: Grid, connectivity?: Connectivity): Connectivity {
  const choices = depth > 1 ? ['6', '18', '26'] : ['4', '8'];
  return Number(oneOf('connectivity', String(connectivity ?? choices.at(-1)), choices)) as Connectivity;
}

/**
 * Labels the runs of a mask by connected component, from 1 in the order of their first voxels: one pass that joins each
 * run with those it touches in rows before, one that numbers the trees.
 */
export function labelRuns(
  runs: Runs,
  grid: Grid,
  connectivity: Connectivity,
): { labels: Int32Array; count: number } {
  const parents = Int32Array.from(runs.from, (_, run) => run);
  const { height, depth } = grid;
  for (let z = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      for (const [dy, dz, reach] of EARLIER[connectivity]) {
        if (y + dy < 0 || y + dy >= height || z + dz < 0) continue;
        joinRows(parents, runs, grid, { row: y + height * z, earlier: y + dy + height * (z + dz), reach });
      }
    }
  }
  const labels = new Int32Array(parents.length);
  let count = 0;
  for (let run = 0; run < labels.length; run++) {
    const root = rootOf(parents, run); // the first run of its component
    labels[run] = root === run ? ++count : labels[root]!;
  }
  return { labels, count };
}

/** Joins the runs of two rows that touch. */
function joinRows(
  parents: Int32Array,
  { from, to, rows }: Runs,
  { width }: Grid,
  { row, earlier, reach }: { row: number; earlier: number; reach: 0 | 1 },
): void {
  const shift = (row - earlier) * width;
  let i = rows[row]!;
  let j = rows[earlier]!;
  while (i < rows[row + 1]! && j < rows[earlier + 1]!) {
    const end = to[j]! + shift;
    if (from[i]! < end + reach && from[j]! + shift < to[i]! + reach) join(parents, i, j);
    if (to[i]! < end) i++;
    else j++;
  }
}

/** The smaller root wins, so that a root is the first run of its tree. */
function join(parents: Int32Array, a: number, b: number): void {
  const [first, second] = [rootOf(parents, a), rootOf(parents, b)];
  if (first < second) parents[second] = first;
  else parents[first] = second;
}

/** Halves the path on the way up. */
function rootOf(parents: Int32Array, run: number): number {
  let at = run;
  while (parents[at] !== at) {
    parents[at] = parents[parents[at]!]!;
    at = parents[at]!;
  }
  return at;
}
