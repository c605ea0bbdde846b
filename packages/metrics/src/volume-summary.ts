import type { DatasetSummary } from './dataset-summary.js';
import { MeasureTable, type MeasureSummary } from './measure-table.js';
import { overlap } from './overlap.js';
import type { VolumeTally } from './volume-tally.js';

/** What is known of every volume. */
export const VOLUME_MEASURES = [
  'slices',
  'infectedSlices',
  'healthySlices',
  'falselyMarkedSlices',
  'falseAlarmRate',
  'falseArea',
  'falseAreaMm2',
  'dice',
  'iou',
  'precision',
  'sensitivity',
  'specificity',
  'truthMl',
  'predictedMl',
  'relativeVolumeDifference',
] as const;

/**
 * - `dice` ... `specificity`: of all voxels of the volume at a threshold of 0.5.
 * - `falseAlarmRate`: share of the slices without infection in which something is marked; `falseArea`: share of their
 *   pixels that is marked; `falseAreaMm2`: marked area per such slice.
 * - `relativeVolumeDifference`: (predicted - truth) / truth.
 */
export type VolumeMeasure = (typeof VOLUME_MEASURES)[number];

/** Slices without infection. */
export interface HealthySlices {
  readonly slices: DatasetSummary;
  /** Slices in which at least `falseAlarmPixels` pixels are marked, and their share: NaN without any such slice. */
  readonly falselyMarked: number;
  readonly falseAlarmRate: number;
  readonly falseAlarmPixels: number;
  /** Share of these slices' pixels that is marked. */
  readonly falseArea: number;
  /** Marked area per slice in mm^2; NaN where a spacing is not known. */
  readonly falseAreaMm2: number;
}

/** Everything measured on volumes. */
export interface VolumesSummary {
  readonly definition: DatasetSummary['definition'];
  /** All slices; those without infection count as the empty policy says. */
  readonly all: DatasetSummary;
  readonly infected: DatasetSummary;
  readonly healthy: HealthySlices;
  readonly volumes: MeasureSummary<VolumeMeasure>;
}

/** Puts the parts together. */
export function summariseVolumes(
  slices: Readonly<Record<'all' | 'infected' | 'healthy', DatasetSummary>>,
  tallies: readonly VolumeTally[],
  falseAlarmPixels: number,
): VolumesSummary {
  const { definition } = slices.all;
  const table = new MeasureTable(VOLUME_MEASURES);
  for (const tally of tallies) table.add(tally.id, measuresOf(tally, definition.empty));
  const sum = (part: (tally: VolumeTally) => number): number =>
    tallies.reduce((total, tally) => total + part(tally), 0);
  const healthy = slices.healthy.cases;
  const falselyMarked = sum((tally) => tally.falselyMarked);
  return {
    definition,
    all: slices.all,
    infected: slices.infected,
    healthy: {
      slices: slices.healthy,
      falselyMarked,
      falseAlarmRate: falselyMarked / healthy,
      falseAlarmPixels,
      falseArea: sum((tally) => tally.falsePixels) / sum((tally) => tally.healthyPixels),
      falseAreaMm2: sum((tally) => tally.falseMm2) / healthy,
    },
    volumes: table.summary(),
  };
}

function measuresOf(
  tally: VolumeTally,
  empty: DatasetSummary['definition']['empty'],
): Record<VolumeMeasure, number> {
  const { dice, iou, precision, sensitivity, specificity } = overlap(tally.counts, empty);
  const { slices, infected, falselyMarked, truthMl, predictedMl } = tally;
  const healthy = slices - infected;
  const { predicted, foreground } = tally.counts;
  return {
    slices,
    infectedSlices: infected,
    healthySlices: healthy,
    falselyMarkedSlices: falselyMarked,
    falseAlarmRate: falselyMarked / healthy,
    falseArea: tally.falsePixels / tally.healthyPixels,
    falseAreaMm2: tally.falseMm2 / healthy,
    dice,
    iou,
    precision,
    sensitivity,
    specificity,
    truthMl,
    predictedMl,
    relativeVolumeDifference: foreground === 0 ? NaN : (predicted - foreground) / foreground,
  };
}
