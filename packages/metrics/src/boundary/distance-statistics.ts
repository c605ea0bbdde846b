import type { DirectedDistances, SurfaceDistances } from './surface-distances.js';

/** A distance that equals the tolerance up to rounding is within. */
const ROUNDING = 1 + 1e-12;

/** Largest distance of both directions. */
export function maximumOf({ toTruth, toPrediction }: SurfaceDistances): number {
  return Math.max(toTruth.distances.at(-1)!, toPrediction.distances.at(-1)!);
}

/** Percentile of both directions' distances put together (medpy). */
export function pooledPercentile({ toTruth, toPrediction }: SurfaceDistances, percent: number): number {
  const pooled = new Float64Array(toTruth.distances.length + toPrediction.distances.length);
  pooled.set(toTruth.distances);
  pooled.set(toPrediction.distances, toTruth.distances.length);
  return percentile(pooled.toSorted(), percent);
}

/** The larger of both directions' percentiles (MONAI, MetricsReloaded). */
export function largerPercentile({ toTruth, toPrediction }: SurfaceDistances, percent: number): number {
  return Math.max(percentile(toTruth.distances, percent), percentile(toPrediction.distances, percent));
}

/** The larger of the distances within which that share of either surface's area lies (surface-distance). */
export function largerAreaPercentile({ toTruth, toPrediction }: SurfaceDistances, percent: number): number {
  return Math.max(areaPercentile(toTruth, percent), areaPercentile(toPrediction, percent));
}

/** Mean distance, every piece by its area. */
export function averageOf({ distances, areas }: DirectedDistances): number {
  let sum = 0;
  for (let i = 0; i < distances.length; i++) sum += distances[i]! * areas[i]!;
  return sum / total(areas);
}

/** Mean distance over both directions, every piece by its area. */
export function pooledAverage({ toTruth, toPrediction }: SurfaceDistances): number {
  const [p, g] = [total(toTruth.areas), total(toPrediction.areas)];
  return (averageOf(toTruth) * p + averageOf(toPrediction) * g) / (p + g);
}

/** Mean of the two directions' averages. */
export function meanOfDirected({ toTruth, toPrediction }: SurfaceDistances): number {
  return (averageOf(toTruth) + averageOf(toPrediction)) / 2;
}

/** Share of both surfaces' area that lies within the tolerance of the other. */
export function shareWithin({ toTruth, toPrediction }: SurfaceDistances, tolerance: number): number {
  const within = areaWithin(toTruth, tolerance) + areaWithin(toPrediction, tolerance);
  return within / (total(toTruth.areas) + total(toPrediction.areas));
}

/** Sum of the areas. */
export function total(areas: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < areas.length; i++) sum += areas[i]!;
  return sum;
}

function areaWithin({ distances, areas }: DirectedDistances, tolerance: number): number {
  let sum = 0;
  for (let i = 0; i < distances.length && distances[i]! <= tolerance * ROUNDING; i++) sum += areas[i]!;
  return sum;
}

/** Linear between the neighbouring ranks, as numpy does. */
function percentile(ascending: Float64Array, percent: number): number {
  const rank = ((ascending.length - 1) * percent) / 100;
  const below = ascending[Math.floor(rank)]!;
  const above = ascending[Math.ceil(rank)]!;
  return below + (above - below) * (rank - Math.floor(rank));
}

function areaPercentile({ distances, areas }: DirectedDistances, percent: number): number {
  const wanted = (total(areas) * percent) / 100;
  let covered = 0;
  for (let i = 0; i < distances.length; i++) {
    covered += areas[i]!;
    if (covered * ROUNDING >= wanted) return distances[i]!;
  }
  return distances.at(-1)!;
}
