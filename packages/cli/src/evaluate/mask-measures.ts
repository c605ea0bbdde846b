import { evaluateBoundary, VERSION, type MeasureSummary } from '@infnet/metrics';
import { evaluateLesions } from '@infnet/metrics/lesions';
import type { ReadMap } from './read-map.js';

/** What is measured of the two masks of a case as wholes: surfaces and lesions. */
export const MASK_MEASURES = [
  'hausdorff',
  'hd95DirectedMax',
  'hd95Pooled',
  'hd95SurfelWeighted',
  'assdPooled',
  'nsdSurfels',
  'boundaryIou',
  'trueLesions',
  'foundLesions',
  'predictedLesions',
  'falseLesions',
  'lesionSensitivity',
  'lesionPrecision',
  'lesionF1',
  'panopticQuality',
] as const;

/** Name of such a measure, as in `BoundaryReport` and `LesionReport`. */
export type MaskMeasure = (typeof MASK_MEASURES)[number];

/** Means and rows of the masks of a system. */
export interface MaskSummary extends MeasureSummary<MaskMeasure> {
  /** mm, or pixels where they have no known size. */
  readonly unit: 'mm' | 'pixels';
  /** How the numbers were made, in words. */
  readonly definition: string;
}

/** Surface distances and lesions of a case, both maps cut at half of their full scale. */
export function maskMeasures(prediction: ReadMap, truth: ReadMap): Record<MaskMeasure, number> {
  const { width, height, depth, spacing } = truth;
  const shape = { width, height, depth, ...(spacing ? { spacing } : {}) };
  const [predicted, actual] = [atHalf(prediction), atHalf(truth)];
  const measured = {
    ...evaluateBoundary(predicted, actual, shape),
    ...evaluateLesions(predicted, actual, shape),
  };
  return Object.fromEntries(MASK_MEASURES.map((name) => [name, measured[name]])) as Record<
    MaskMeasure,
    number
  >;
}

/** What the measures mean, for tables and files. */
export function describeMasks(unit: MaskSummary['unit'], dimensions: 2 | 3): string {
  return [
    'maps as they are, cut at 0.5',
    `distances in ${unit}, infinite where one mask is empty, left out without infection`,
    'hd95DirectedMax: larger of the directed 95 % percentiles over border voxels; hd95Pooled: percentile of both directions together; hd95SurfelWeighted: by surface area',
    `nsdSurfels: share of the surface within 1 ${unit === 'mm' ? 'mm' : 'pixel'}`,
    `lesions: connected by ${dimensions === 3 ? 26 : 8} neighbours, found where any voxel is marked`,
    `@infnet/metrics ${VERSION}`,
  ].join('; ');
}

/** 0 or 1: where a map reaches half of its full scale, or where a mask of 0 and 1 is 1. */
function atHalf({ data }: ReadMap): Uint8Array {
  let max = 0;
  for (const value of data) if (value > max) max = value;
  const isShare = max <= 1;
  const full = isShare ? 1 : data instanceof Uint16Array ? 65_535 : 255;
  return Uint8Array.from(data, (value) => (value >= full / 2 ? 1 : 0));
}
