import type { MaskArray } from '../inputs.js';
import { numberIn } from '../number-in.js';
import { boundaryIouOf, dilationOf } from './boundary-iou.js';
import {
  distanceWithoutSurface,
  openPair,
  shareWithoutSurface,
  type BoundaryDefinition,
  type BoundaryOptions,
} from './boundary-options.js';
import {
  averageOf,
  largerAreaPercentile,
  largerPercentile,
  maximumOf,
  meanOfDirected,
  pooledAverage,
  pooledPercentile,
  shareWithin,
  total,
} from './distance-statistics.js';
import { borderDistances, surfelDistances, type SurfaceDistances } from './surface-distances.js';

/** Options of {@link evaluateBoundary}. */
export interface EvaluateBoundaryOptions extends BoundaryOptions {
  /** Distance up to which surfaces agree for the normalised surface Dice, in the spacing's unit. Default 1. */
  readonly tolerance?: number;
  /** Voxels of a rim for the boundary IoU. Default 2 % of the diagonal of a slice, at least 1. */
  readonly dilation?: number;
}

/** The definition behind a {@link BoundaryReport}. */
export interface BoundaryReportDefinition extends BoundaryDefinition {
  readonly tolerance: number;
  readonly dilation: number;
  /** Of the hd95 distances. */
  readonly percentile: 95;
  readonly borderVoxels: 'foreground with a side on the background or the edge of the image';
  readonly surfels: 'marching squares (cubes) between voxels, weighted by length (area)';
}

/** Every boundary measure of two masks. Distances are in the spacing's unit. */
export interface BoundaryReport {
  readonly definition: BoundaryReportDefinition;
  /** Largest distance between border voxels. */
  readonly hausdorff: number;
  /** Percentile of both directions put together (medpy). */
  readonly hd95Pooled: number;
  /** Larger of the directions' percentiles (MONAI, MetricsReloaded). */
  readonly hd95DirectedMax: number;
  /** Larger of the distances that cover 95 % of either surface's area (surface-distance). */
  readonly hd95SurfelWeighted: number;
  /** Mean over all border voxels of both masks (medpy 0.5, MetricsReloaded). */
  readonly assdPooled: number;
  /** Mean of the two directions' means. */
  readonly assdMeanOfDirected: number;
  /** Mean over the surface, by area. */
  readonly assdSurfelWeighted: number;
  /** Mean distance from the prediction's border voxels to the ground truth's; `ToPrediction` the other way. */
  readonly asdToTruth: number;
  readonly asdToPrediction: number;
  /** The same over surfels, by area (surface-distance). */
  readonly surfelAsdToTruth: number;
  readonly surfelAsdToPrediction: number;
  /** Share of the border voxels within the tolerance, 0..1. */
  readonly nsdBorderVoxels: number;
  /** Share of the surface within the tolerance, by area (surface-distance). */
  readonly nsdSurfels: number;
  readonly boundaryIou: number;
  readonly predictedBorderVoxels: number;
  readonly groundTruthBorderVoxels: number;
  /** Length of the contour of an image, area of the surface of a volume. */
  readonly predictedSurface: number;
  readonly groundTruthSurface: number;
}

/**
 * Every boundary measure of two masks, 2-D or 3-D, with anisotropic spacing, in one go.
 *
 * A lesion missed altogether is Infinity away unless `missedDistance` says otherwise, and its shares are 0.
 *
 * @param prediction mask, [depth * height * width], x fastest
 * @param groundTruth same size
 * @throws MetricsError `invalid-shape`, `length-mismatch`, `unsupported-array`, `not-finite`, `ambiguous-mask`,
 *   `invalid-option`
 *
 * @example
 * ```ts
 * import { evaluateBoundary } from '@infnet/metrics/boundary';
 *
 * const prediction = Uint8Array.of(1, 1, 1, 1, 0, 0);
 * const groundTruth = Uint8Array.of(1, 1, 0, 0, 0, 0);
 * const report = evaluateBoundary(prediction, groundTruth, { width: 6, height: 1, spacing: [0.5, 0.5], tolerance: 0.5 });
 * console.log(report.hausdorff, report.hd95Pooled.toFixed(3), report.nsdBorderVoxels.toFixed(3)); // 1 0.875 0.833
 * ```
 */
export function evaluateBoundary(
  prediction: MaskArray,
  groundTruth: MaskArray,
  options: EvaluateBoundaryOptions,
): BoundaryReport {
  const tolerance = numberIn('tolerance', options.tolerance ?? 1, 0);
  const dilation = dilationOf(options, options.dilation);
  const opened = openPair(prediction, groundTruth, options);
  const borders = borderDistances(opened.pair);
  const surfels = surfelDistances(opened.pair);
  const missingDistance = distanceWithoutSurface(opened);
  const missingShare = shareWithoutSurface(opened);
  const distance = (statistic: (distances: SurfaceDistances) => number, distances = borders): number =>
    missingDistance ?? statistic(distances);
  return {
    definition: {
      ...opened.definition,
      tolerance,
      dilation,
      percentile: 95,
      borderVoxels: 'foreground with a side on the background or the edge of the image',
      surfels: 'marching squares (cubes) between voxels, weighted by length (area)',
    },
    hausdorff: distance(maximumOf),
    hd95Pooled: distance((distances) => pooledPercentile(distances, 95)),
    hd95DirectedMax: distance((distances) => largerPercentile(distances, 95)),
    hd95SurfelWeighted: distance((distances) => largerAreaPercentile(distances, 95), surfels),
    assdPooled: distance(pooledAverage),
    assdMeanOfDirected: distance(meanOfDirected),
    assdSurfelWeighted: distance(pooledAverage, surfels),
    asdToTruth: distance(({ toTruth }) => averageOf(toTruth)),
    asdToPrediction: distance(({ toPrediction }) => averageOf(toPrediction)),
    surfelAsdToTruth: distance(({ toTruth }) => averageOf(toTruth), surfels),
    surfelAsdToPrediction: distance(({ toPrediction }) => averageOf(toPrediction), surfels),
    nsdBorderVoxels: missingShare ?? shareWithin(borders, tolerance),
    nsdSurfels: missingShare ?? shareWithin(surfels, tolerance),
    boundaryIou: boundaryIouOf(opened, dilation),
    predictedBorderVoxels: borders.toTruth.distances.length,
    groundTruthBorderVoxels: borders.toPrediction.distances.length,
    predictedSurface: total(surfels.toTruth.areas),
    groundTruthSurface: total(surfels.toPrediction.areas),
  };
}
