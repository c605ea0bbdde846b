import type { MapReport } from './evaluate-map.js';
import { sumCounts, type Counts } from './overlap.js';

/** Millimetres between voxel centres. */
export type Spacing = readonly [x: number, y: number, z: number];

/** What one volume's slices add up to. Everything is a sum, so slices may come in any order and from anywhere. */
export interface VolumeTally {
  readonly id: string;
  readonly slices: number;
  /** Slices with infection in the ground truth. */
  readonly infected: number;
  /** Slices without infection in which something is marked. */
  readonly falselyMarked: number;
  /** Pixels marked in slices without infection, their area, and the pixels of all those slices. */
  readonly falsePixels: number;
  readonly falseMm2: number;
  readonly healthyPixels: number;
  /** Voxels at a threshold of 0.5. */
  readonly counts: Counts;
  readonly truthMl: number;
  readonly predictedMl: number;
}

/** The names of a tally's plain sums. */
export const TALLY_SUMS = [
  'slices',
  'infected',
  'falselyMarked',
  'falsePixels',
  'falseMm2',
  'healthyPixels',
  'truthMl',
  'predictedMl',
] as const;

/** The tally of a single slice. */
export function tallyOf(
  id: string,
  { foreground, countsAtHalf }: MapReport,
  spacing: Spacing | undefined,
  falseAlarmPixels: number,
): VolumeTally {
  const { predicted, pixels } = countsAtHalf;
  const [x, y, z] = spacing ?? [NaN, NaN, NaN];
  const isHealthy = foreground === 0;
  return {
    id,
    slices: 1,
    infected: isHealthy ? 0 : 1,
    falselyMarked: isHealthy && predicted >= falseAlarmPixels ? 1 : 0,
    falsePixels: isHealthy ? predicted : 0,
    falseMm2: isHealthy ? predicted * x * y : 0,
    healthyPixels: isHealthy ? pixels : 0,
    counts: countsAtHalf,
    truthMl: (foreground * x * y * z) / 1000,
    predictedMl: (predicted * x * y * z) / 1000,
  };
}

/** Two parts of one volume taken together. */
export function addTallies(a: VolumeTally, b: VolumeTally): VolumeTally {
  const sums = Object.fromEntries(TALLY_SUMS.map((name) => [name, a[name] + b[name]]));
  return {
    id: a.id,
    ...(sums as unknown as Omit<VolumeTally, 'id' | 'counts'>),
    counts: sumCounts([a.counts, b.counts]),
  };
}
