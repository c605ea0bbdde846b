import { readMaskOf, type Foreground } from '../foreground.js';
import { gridOf, type GridOptions } from '../grid.js';
import type { MaskArray } from '../inputs.js';
import { distancesAt } from './distance-transform.js';

/**
 * Exact Euclidean distance from every voxel to the nearest foreground voxel, in O(voxels).
 *
 * @param mask [depth * height * width]
 * @returns distances in the spacing's unit, same size: 0 on the foreground, Infinity everywhere without any
 * @throws MetricsError on unusable input, see {@link evaluateBoundary}
 *
 * @example
 * ```ts
 * import { distanceTransform } from '@infnet/metrics/boundary';
 *
 * const distances = distanceTransform(Uint8Array.of(1, 0, 0, 0), { width: 2, height: 2, spacing: [3, 4] });
 * console.log(distances.join(' ')); // 0 3 4 5
 * ```
 */
export function distanceTransform(
  mask: MaskArray,
  options: GridOptions & { readonly foregroundAbove?: Foreground },
): Float64Array {
  const grid = gridOf(options);
  const { bytes, above } = readMaskOf(grid, mask, options.foregroundAbove, 'mask');
  const sites = bytes.map((value) => (value > above ? 1 : 0));
  return distancesAt(sites, new Uint8Array(sites.length).fill(1), grid);
}
