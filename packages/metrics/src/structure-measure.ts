import { defineMetrics, type Definition, type MetricOptions } from './definition.js';
import type { MaskArray, PredictionArray, Shape } from './inputs.js';
import type { MapStatistics } from './map-statistics.js';
import { combineAll, combineMoments, type Moments } from './moments.js';
import { openMap } from './open-map.js';

const EPS = 2 ** -52;

/** S-measure and, where the ground truth has both foreground and background, what it is made of. */
export interface StructureMeasure {
  /** 0..1; NaN under `infnet` when a quadrant is empty. */
  readonly value: number;
  readonly parts: StructureParts | undefined;
}

/** The terms of the S-measure. Quadrants: left top, right top, left bottom, right bottom. */
export interface StructureParts {
  readonly object: number;
  readonly region: number;
  readonly objectForeground: number;
  readonly objectBackground: number;
  /** Column and row of the ground truth's centroid, 1-based, rounded half up. */
  readonly centroid: readonly [column: number, row: number];
  readonly quadrantWeights: readonly number[];
  /** NaN for an empty quadrant. */
  readonly quadrantSimilarities: readonly number[];
}

/**
 * S-measure (Fan et al., "Structure-measure: a new way to evaluate foreground maps", ICCV 2017):
 * alpha of the object part and 1 - alpha of the region part, alpha being `structureAlpha`, 0.5 by default.
 *
 * @param prediction soft map, [height * width]
 * @param groundTruth mask of the same size
 * @throws MetricsError on unusable input, see {@link evaluateMap}
 *
 * @example
 * ```ts
 * import { structureMeasure } from '@infnet/metrics';
 *
 * const groundTruth = Uint8Array.of(0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0); // a square in the middle
 * const prediction = Float32Array.from(groundTruth, (inside) => (inside === 1 ? 0.9 : 0.1));
 * const { value, parts } = structureMeasure(prediction, groundTruth, { width: 4, height: 4 });
 * console.log(value.toFixed(3), parts?.object.toFixed(3), parts?.region.toFixed(3)); // 0.990 0.994 0.986
 * ```
 */
export function structureMeasure(
  prediction: PredictionArray,
  groundTruth: MaskArray,
  options: Shape & MetricOptions,
): StructureMeasure {
  const definition = defineMetrics(options);
  return structureOf(openMap(prediction, groundTruth, options, definition), definition);
}

/** S-measure from the moments of the eight groups (quadrant, class). */
export function structureOf(map: MapStatistics, definition: Definition): StructureMeasure {
  const { pixels, groups } = map;
  const { foreground } = map.geometry;
  if (foreground === 0) return { value: 1 - combineAll(groups).mean, parts: undefined };
  if (foreground === pixels) return { value: combineAll(groups).mean, parts: undefined };
  const parts = structureParts(map, definition);
  const alpha = definition.structureAlpha;
  const mixed = alpha * parts.object + (1 - alpha) * parts.region;
  return { value: mixed < 0 ? 0 : mixed, parts };
}

function structureParts(map: MapStatistics, definition: Definition): StructureParts {
  const { pixels, groups, geometry, shape } = map;
  const { foreground, left, top } = geometry;
  const share = foreground / pixels;
  const inside = combineAll(groups.filter((_, group) => group % 2 === 1));
  const outside = combineAll(groups.filter((_, group) => group % 2 === 0));
  const objectForeground = objectScore(inside.mean, inside);
  const objectBackground = objectScore(1 - outside.mean, outside);

  const leftTop = (left * top) / pixels;
  const rightTop = ((shape.width - left) * top) / pixels;
  const leftBottom = (left * (shape.height - top)) / pixels;
  const quadrantWeights = [leftTop, rightTop, leftBottom, 1 - leftTop - rightTop - leftBottom];
  const quadrantSimilarities = quadrantWeights.map((_, quadrant) =>
    regionSimilarity(groups[2 * quadrant]!, groups[2 * quadrant + 1]!),
  );
  let region = 0;
  quadrantSimilarities.forEach((similarity, quadrant) => {
    const skipped = Number.isNaN(similarity) && definition.emptyQuadrant === 'skip';
    if (!skipped) region += quadrantWeights[quadrant]! * similarity;
  });
  return {
    object: share * objectForeground + (1 - share) * objectBackground,
    region,
    objectForeground,
    objectBackground,
    centroid: [left, top],
    quadrantWeights,
    quadrantSimilarities,
  };
}

/** 2m / (m^2 + 1 + sd), with the sample standard deviation. */
function objectScore(mean: number, { count, squaredDeviations }: Moments): number {
  const deviation = count > 1 ? Math.sqrt(squaredDeviations / (count - 1)) : 0;
  return (2 * mean) / (mean * mean + 1 + deviation + EPS);
}

/** Structural similarity of prediction and mask in one quadrant; the mask's moments follow from the two counts. */
function regionSimilarity(background: Moments, foreground: Moments): number {
  const all = combineMoments(background, foreground);
  if (all.count === 0) return NaN;
  const freedom = all.count - 1 + EPS;
  const truth = foreground.count / all.count;
  const mixture = (background.count * foreground.count) / all.count;
  const covariance = mixture === 0 ? 0 : (mixture * (foreground.mean - background.mean)) / freedom;
  const alpha = 4 * all.mean * truth * covariance;
  const beta = (all.mean * all.mean + truth * truth) * (all.squaredDeviations / freedom + mixture / freedom);
  if (alpha !== 0) return alpha / (beta + EPS);
  return beta === 0 ? 1 : 0;
}
