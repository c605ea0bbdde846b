import { ImageFormatError } from '../errors.js';
import { findRuns, type Runs } from './runs.js';
import { type VoxelBox, type VoxelGrid, voxelCount } from './voxel-grid.js';

/**
 * Which neighbours belong together: in space 6 (faces), 18 (edges too) or 26 (corners too); within each slice of its
 * own, as if the others were not there, 4 or 8.
 */
export type Connectivity = 4 | 8 | 6 | 18 | 26;

/** Neighbouring rows that come earlier in scan order, and how far apart along x their voxels may be. */
const EARLIER_ROWS: Readonly<
  Record<Connectivity, readonly (readonly [dy: number, dz: number, reach: 0 | 1])[]>
> = {
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

/** Options of {@link connectedComponents}. */
export interface ComponentOptions {
  /** Default 6. */
  readonly connectivity?: Connectivity;
  /** Label the zeros instead. Default false. */
  readonly invert?: boolean;
}

/**
 * The connected components of a mask, numbered from 1 in scan order of their first voxels. Runs of voxels are held, not
 * a label per voxel: {@link Components.toLabels} makes those when they are wanted.
 */
export interface Components {
  /** Number of components. */
  readonly count: number;
  /** Voxels of each component; entry 0, the background, is 0. */
  readonly sizes: Float64Array;
  /** Calls `visit` for each run of voxels `start` to `end` (excluded), in scan order. */
  forEachRun(visit: (component: number, start: number, end: number) => void): void;
  /** Mask (0 and 1) of the components that `keep` accepts. */
  select(keep: (component: number) => boolean): Uint8Array;
  /** Component of each voxel, 0 for the background. Four bytes per voxel. */
  toLabels(): Int32Array;
  /** The box around each component; entry 0 is undefined. */
  boxes(): readonly (VoxelBox | undefined)[];
}

/** Components as the runs that they are made of. */
class RunComponents implements Components {
  readonly count: number;
  readonly sizes: Float64Array;
  readonly #dims: VoxelGrid['dims'];
  readonly #runs: Runs;
  /** Component of each run. */
  readonly #labels: Int32Array;

  constructor(dims: VoxelGrid['dims'], runs: Runs, labels: Int32Array, count: number) {
    this.#dims = dims;
    this.#runs = runs;
    this.#labels = labels;
    this.count = count;
    this.sizes = new Float64Array(count + 1);
    this.forEachRun((component, start, end) => {
      this.sizes[component] = (this.sizes[component] ?? 0) + end - start;
    });
  }

  forEachRun(visit: (component: number, start: number, end: number) => void): void {
    const { starts, ends } = this.#runs;
    for (let run = 0; run < starts.length; run++) {
      visit(this.#labels[run] ?? 0, starts[run] ?? 0, ends[run] ?? 0);
    }
  }

  select(keep: (component: number) => boolean): Uint8Array {
    const kept = Uint8Array.from({ length: this.count + 1 }, (_, i) => (i > 0 && keep(i) ? 1 : 0));
    const mask = new Uint8Array(voxelCount(this.#dims));
    this.forEachRun((component, start, end) => {
      if (kept[component] === 1) mask.fill(1, start, end);
    });
    return mask;
  }

  toLabels(): Int32Array {
    const labels = new Int32Array(voxelCount(this.#dims));
    this.forEachRun((component, start, end) => labels.fill(component, start, end));
    return labels;
  }

  boxes(): readonly (VoxelBox | undefined)[] {
    const [nx, ny] = this.#dims;
    const low = new Int32Array(3 * (this.count + 1)).fill(2 ** 31 - 1);
    const high = new Int32Array(3 * (this.count + 1));
    this.forEachRun((component, start, end) => {
      const x = start % nx;
      const row = (start - x) / nx;
      const y = row % ny;
      const at = 3 * component;
      const first = [x, y, (row - y) / ny];
      const behind = [x + end - start, y + 1, (row - y) / ny + 1];
      for (let axis = 0; axis < 3; axis++) {
        low[at + axis] = Math.min(low[at + axis] ?? 0, first[axis] ?? 0);
        high[at + axis] = Math.max(high[at + axis] ?? 0, behind[axis] ?? 0);
      }
    });
    const triple = (values: Int32Array, i: number): [number, number, number] => [
      values[3 * i] ?? 0,
      values[3 * i + 1] ?? 0,
      values[3 * i + 2] ?? 0,
    ];
    return Array.from({ length: this.count + 1 }, (_, i) =>
      i === 0 ? undefined : { from: triple(low, i), to: triple(high, i) },
    );
  }
}

/**
 * Labels the connected components of a mask: runs along x, joined by union-find.
 *
 * @param mask anything but 0 is mask
 * @throws {ImageFormatError} `size-mismatch` where the mask does not fill the grid
 */
export function connectedComponents(
  mask: Uint8Array,
  dims: VoxelGrid['dims'],
  { connectivity = 6, invert = false }: ComponentOptions = {},
): Components {
  checkMask(mask, dims);
  return componentsOfRuns(findRuns(mask, dims, { invert }), dims, connectivity);
}

/** As {@link connectedComponents}, of a mask whose runs are known. */
export function componentsOfRuns(
  runs: Runs,
  dims: VoxelGrid['dims'],
  connectivity: Connectivity,
): Components {
  const parents = Int32Array.from(runs.starts, (_, run) => run);
  const [nx, ny, nz] = dims;
  for (let z = 0, row = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++, row++) {
      for (const [dy, dz, reach] of EARLIER_ROWS[connectivity]) {
        if (y + dy < 0 || y + dy >= ny || z + dz < 0) continue;
        joinRows(runs, parents, row, row + dy + ny * dz, nx, reach);
      }
    }
  }
  const { labels, count } = numberRoots(parents);
  return new RunComponents(dims, runs, labels, count);
}

/** Joins the runs of two rows that lie over each other, or within `reach`. */
function joinRows(
  { starts, ends, rowStarts }: Runs,
  parents: Int32Array,
  row: number,
  other: number,
  nx: number,
  reach: number,
): void {
  let b = rowStarts[other] ?? 0;
  const bEnd = rowStarts[other + 1] ?? 0;
  const shift = (row - other) * nx;
  for (let a = rowStarts[row] ?? 0; a < (rowStarts[row + 1] ?? 0); a++) {
    const start = (starts[a] ?? 0) - shift - reach;
    const end = (ends[a] ?? 0) - shift + reach;
    while (b < bEnd && (ends[b] ?? 0) <= start) b++;
    for (let c = b; c < bEnd && (starts[c] ?? 0) < end; c++) unite(parents, a, c);
  }
}

function unite(parents: Int32Array, a: number, b: number): void {
  const rootA = find(parents, a);
  const rootB = find(parents, b);
  if (rootA < rootB) parents[rootB] = rootA;
  else parents[rootA] = rootB;
}

/** Root of a run; halves the path on the way. */
function find(parents: Int32Array, run: number): number {
  let at = run;
  for (let parent = parents[at] ?? 0; parent !== at; parent = parents[at] ?? 0) {
    const grandparent = parents[parent] ?? 0;
    parents[at] = grandparent;
    at = grandparent;
  }
  return at;
}

/** Numbers the sets from 1 in the order of their first runs, which are their roots. */
function numberRoots(parents: Int32Array): { labels: Int32Array; count: number } {
  const labels = new Int32Array(parents.length);
  let count = 0;
  for (let run = 0; run < parents.length; run++) {
    const root = find(parents, run);
    labels[run] = root === run ? ++count : (labels[root] ?? 0);
  }
  return { labels, count };
}

/** @throws {ImageFormatError} `size-mismatch` */
export function checkMask(mask: ArrayLike<number>, dims: VoxelGrid['dims']): void {
  if (mask.length === voxelCount(dims)) return;
  throw new ImageFormatError(
    'size-mismatch',
    `a mask of ${mask.length} voxels does not fill a grid of ${dims.join(' x ')}`,
    'Give one byte per voxel of the grid.',
  );
}
