import type { MaskArray } from '../inputs.js';
import { numberIn } from '../number-in.js';
import { oneOf } from '../one-of.js';
import {
  distanceWithoutSurface,
  openPair,
  shareWithoutSurface,
  type BoundaryOptions,
} from './boundary-options.js';
import {
  largerAreaPercentile,
  largerPercentile,
  maximumOf,
  meanOfDirected,
  pooledAverage,
  pooledPercentile,
  shareWithin,
} from './distance-statistics.js';
import { borderDistances, surfelDistances } from './surface-distances.js';

/**
 * The three definitions that go under one name, on one real pair 5.0, 17.9 and 22.0:
 *
 * - `'pooled'`: percentile of both directions' border-voxel distances put together (medpy);
 * - `'directed-max'`: the larger of the two directions' percentiles (MONAI, MetricsReloaded);
 * - `'surfel-weighted'`: the larger of the two distances that cover this share of a surface's area (surface-distance).
 */
export type HausdorffDefinition = 'pooled' | 'directed-max' | 'surfel-weighted';

/** What a surface is made of: voxels that count alike, or the pieces between voxels by their area. */
export type SurfaceKind = 'border-voxels' | 'surfels';

/**
 * Hausdorff distance of two masks: how far the worst border voxel of either is from the other's border.
 *
 * @param prediction [depth * height * width]
 * @param groundTruth same size
 * @returns in the spacing's unit; `missedDistance` for a missed lesion
 * @throws MetricsError on unusable input, see {@link evaluateBoundary}
 *
 * @example
 * ```ts
 * import { hausdorffDistance } from '@infnet/metrics/boundary';
 *
 * const size = { width: 5, height: 1, spacing: [0.5, 0.5] };
 * console.log(hausdorffDistance(Uint8Array.of(1, 1, 1, 1, 0), Uint8Array.of(1, 1, 0, 0, 0), size)); // 1
 * ```
 */
export function hausdorffDistance(
  prediction: MaskArray,
  groundTruth: MaskArray,
  options: BoundaryOptions,
): number {
  const opened = openPair(prediction, groundTruth, options);
  return distanceWithoutSurface(opened) ?? maximumOf(borderDistances(opened.pair));
}

/**
 * Hausdorff distance at a percentile, 95 by default. The definition has to be named: there is no usual one.
 *
 * @param prediction [depth * height * width]
 * @param groundTruth same size
 * @throws MetricsError on unusable input, see {@link evaluateBoundary}
 *
 * @example
 * ```ts
 * import { robustHausdorffDistance } from '@infnet/metrics/boundary';
 *
 * const size = { width: 5, height: 1, definition: 'directed-max' } as const;
 * const distance = robustHausdorffDistance(Uint8Array.of(1, 1, 1, 1, 0), Uint8Array.of(1, 1, 0, 0, 0), size);
 * console.log(distance.toFixed(2)); // 1.85
 * ```
 */
export function robustHausdorffDistance(
  prediction: MaskArray,
  groundTruth: MaskArray,
  options: BoundaryOptions & { readonly definition: HausdorffDefinition; readonly percentile?: number },
): number {
  const { percentile = 95 } = options;
  const definition = oneOf('definition', options.definition, ['pooled', 'directed-max', 'surfel-weighted']);
  numberIn('percentile', percentile, 0, 100);
  const opened = openPair(prediction, groundTruth, options);
  const missing = distanceWithoutSurface(opened);
  if (missing !== undefined) return missing;
  if (definition === 'surfel-weighted') return largerAreaPercentile(surfelDistances(opened.pair), percentile);
  const distances = borderDistances(opened.pair);
  return definition === 'pooled'
    ? pooledPercentile(distances, percentile)
    : largerPercentile(distances, percentile);
}

/**
 * Average symmetric surface distance: over all border voxels of both masks together (`'pooled'`, default: medpy 0.5,
 * MetricsReloaded), or the mean of the two directions' averages (`'mean-of-directed'`).
 *
 * @param prediction [depth * height * width]
 * @param groundTruth same size
 * @throws MetricsError on unusable input, see {@link evaluateBoundary}
 *
 * @example
 * ```ts
 * import { averageSymmetricSurfaceDistance } from '@infnet/metrics/boundary';
 *
 * const size = { width: 4, height: 1 };
 * console.log(averageSymmetricSurfaceDistance(Uint8Array.of(1, 1, 1, 0), Uint8Array.of(1, 0, 0, 0), size)); // 0.75
 * ```
 */
export function averageSymmetricSurfaceDistance(
  prediction: MaskArray,
  groundTruth: MaskArray,
  options: BoundaryOptions & { readonly definition?: 'pooled' | 'mean-of-directed' },
): number {
  const definition = oneOf('definition', options.definition ?? 'pooled', ['pooled', 'mean-of-directed']);
  const opened = openPair(prediction, groundTruth, options);
  const missing = distanceWithoutSurface(opened);
  if (missing !== undefined) return missing;
  const distances = borderDistances(opened.pair);
  return definition === 'pooled' ? pooledAverage(distances) : meanOfDirected(distances);
}

/**
 * Normalised surface Dice: share of both surfaces that lies within a tolerance of the other, 0..1. Both the tolerance and
 * what a surface is have to be named.
 *
 * @param prediction [depth * height * width]
 * @param groundTruth same size
 * @throws MetricsError on unusable input, see {@link evaluateBoundary}
 *
 * @example
 * ```ts
 * import { normalizedSurfaceDice } from '@infnet/metrics/boundary';
 *
 * const options = { width: 4, height: 1, tolerance: 1, surface: 'border-voxels' } as const;
 * console.log(normalizedSurfaceDice(Uint8Array.of(1, 1, 1, 0), Uint8Array.of(1, 0, 0, 0), options)); // 0.75
 * ```
 */
export function normalizedSurfaceDice(
  prediction: MaskArray,
  groundTruth: MaskArray,
  options: BoundaryOptions & { readonly tolerance: number; readonly surface: SurfaceKind },
): number {
  const tolerance = numberIn('tolerance', options.tolerance, 0);
  const surface = oneOf('surface', options.surface, ['border-voxels', 'surfels']);
  const opened = openPair(prediction, groundTruth, options);
  const missing = shareWithoutSurface(opened);
  if (missing !== undefined) return missing;
  const distances = surface === 'surfels' ? surfelDistances(opened.pair) : borderDistances(opened.pair);
  return shareWithin(distances, tolerance);
}
