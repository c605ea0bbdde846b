import { readMaskOf, type ByteMask, type Foreground } from '../foreground.js';
import { gridOf, type Grid, type GridOptions } from '../grid.js';
import type { MaskArray } from '../inputs.js';
import { connectivityOf, labelRuns, type Connectivity } from './label-runs.js';
import { findRuns, type Runs } from './runs.js';

/** One lesion. */
export interface Component {
  /** Its number, from 1, in the order of the first voxels. */
  readonly label: number;
  readonly voxels: number;
  /** In the cube of the spacing's unit (the square in an image). */
  readonly volume: number;
  /** Mean position of its voxels' centres, in voxels from 0. */
  readonly centroid: readonly [x: number, y: number, z: number];
  /** First voxel of its bounding box. */
  readonly from: readonly [x: number, y: number, z: number];
  /** Last voxel of its bounding box. */
  readonly to: readonly [x: number, y: number, z: number];
}

/** The connected components of a mask. */
export interface Components {
  readonly connectivity: Connectivity;
  readonly components: readonly Component[];
  /** Label of every voxel, 0 for the background, [depth * height * width]. */
  readonly labels: Int32Array;
}

/** How a mask is split. */
export interface ComponentOptions extends GridOptions {
  /** Values strictly above this are foreground. Default `'auto'`. */
  readonly foregroundAbove?: Foreground;
  /** Default 8 for an image, 26 for a volume. */
  readonly connectivity?: Connectivity;
}

/**
 * Splits a mask into connected components, two passes over runs of voxels.
 *
 * @param mask [depth * height * width], x fastest
 * @throws MetricsError `invalid-shape`, `length-mismatch`, `unsupported-array`, `not-finite`, `ambiguous-mask`,
 *   `invalid-option`
 *
 * @example
 * ```ts
 * import { connectedComponents } from '@infnet/metrics/lesions';
 *
 * const mask = Uint8Array.of(1, 0, 0, 1);
 * const size = { width: 2, height: 2 };
 * console.log(connectedComponents(mask, { ...size, connectivity: 4 }).components.length); // 2
 * console.log(connectedComponents(mask, { ...size, connectivity: 8 }).components.length); // 1
 * ```
 */
export function connectedComponents(mask: MaskArray, options: ComponentOptions): Components {
  const grid = gridOf(options);
  const connectivity = connectivityOf(grid, options.connectivity);
  const bytes = readMaskOf(grid, mask, options.foregroundAbove, 'mask');
  const { runs, labels: runLabels, components } = componentsOf(bytes, grid, connectivity);
  const labels = new Int32Array(grid.width * grid.height * grid.depth);
  for (let run = 0; run < runLabels.length; run++) {
    labels.fill(runLabels[run]!, runs.from[run], runs.to[run]);
  }
  return { connectivity, components, labels };
}

/** Components as labelled runs. */
export interface LabelledRuns {
  readonly runs: Runs;
  /** One label per run. */
  readonly labels: Int32Array;
  readonly components: readonly Component[];
}

/** Runs, their labels, and what each component measures. */
export function componentsOf(mask: ByteMask, grid: Grid, connectivity: Connectivity): LabelledRuns {
  const runs = findRuns(mask, grid);
  const { labels, count } = labelRuns(runs, grid, connectivity);
  return { runs, labels, components: measure(runs, labels, count, grid) };
}

function measure({ from, to }: Runs, labels: Int32Array, count: number, grid: Grid): Component[] {
  const { width, height, depth, spacing } = grid;
  const voxelVolume = spacing[0] * spacing[1] * (depth > 1 ? spacing[2] : 1);
  const sums = Array.from({ length: count }, () => ({
    voxels: 0,
    centroid: [0, 0, 0] as [number, number, number],
    from: [Infinity, Infinity, Infinity] as [number, number, number],
    to: [-Infinity, -Infinity, -Infinity] as [number, number, number],
  }));
  for (let run = 0; run < labels.length; run++) {
    const sum = sums[labels[run]! - 1]!;
    const row = Math.floor(from[run]! / width);
    const [y, z] = [row % height, Math.floor(row / height)];
    const [first, last] = [from[run]! - row * width, to[run]! - 1 - row * width];
    const voxels = last - first + 1;
    sum.voxels += voxels;
    sum.centroid[0] += (voxels * (first + last)) / 2;
    sum.centroid[1] += voxels * y;
    sum.centroid[2] += voxels * z;
    [first, y, z].forEach((value, axis) => (sum.from[axis] = Math.min(sum.from[axis]!, value)));
    [last, y, z].forEach((value, axis) => (sum.to[axis] = Math.max(sum.to[axis]!, value)));
  }
  return sums.map(({ voxels, centroid: [x, y, z], from: first, to: last }, i) => ({
    label: i + 1,
    voxels,
    volume: voxels * voxelVolume,
    centroid: [x / voxels, y / voxels, z / voxels],
    from: first,
    to: last,
  }));
}
