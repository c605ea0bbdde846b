import { displayFrame, displayPlaces } from '../display-frame.js';
import { middleOf } from '../lung/add-infection.js';
import { LEFT_LUNG, type LungSide, RIGHT_LUNG } from '../lung/labels.js';
import { eachRun, findRuns, type Runs } from '../morphology/runs.js';
import type { Volume } from '../volume.js';
import { type AffectedRegion, affectedRegion, involvementScore, type RegionSize } from './region.js';

/** Height within a lung: thirds between its lowest and its highest slice. */
export type ZoneLevel = 'upper' | 'middle' | 'lower';

/** One of six zones: a third of one lung. */
export interface LungZone extends AffectedRegion {
  readonly side: LungSide;
  readonly level: ZoneLevel;
  /** 0..5, see {@link involvementScore}. */
  readonly score: 0 | 1 | 2 | 3 | 4 | 5;
}

/** The infection within the lungs. The lungs are the given mask and the infection together. */
export interface LungQuantities extends AffectedRegion {
  /** Infection that the given lung mask does not hold: consolidation, or something marked outside the lungs. */
  readonly outsideMask: RegionSize;
  /** Mean density of the lungs without the infection; only for volumes in HU. */
  readonly healthyMeanHu?: number;
  /** Only where the lungs are known by side. */
  readonly right?: AffectedRegion;
  readonly left?: AffectedRegion;
  readonly zones?: readonly LungZone[];
  /** Sum over the six zones, 0..30. It is no CT severity score, which goes by lobes. */
  readonly zoneScore?: number;
  readonly method: string;
}

/**
 * Measures the infection within a lung mask that does not tell the sides apart.
 *
 * @param runs the infection's
 */
export function measureLungs(
  runs: Runs,
  lungs: Uint8Array,
  { voxels, dims, unit }: Volume,
  size: (voxels: number) => RegionSize,
): LungQuantities {
  let [lung, affected, outside, healthy] = [0, 0, 0, 0];
  eachRun(findRuns(lungs, dims), (start, end) => {
    lung += end - start;
    for (let i = start; i < end; i++) healthy += voxels[i] ?? 0;
  });
  eachRun(runs, (start, end) => {
    affected += end - start;
    for (let i = start; i < end; i++) {
      if (lungs[i] === 0) outside++;
      else healthy -= voxels[i] ?? 0;
    }
  });
  const together = lung + outside;
  const rest = together - affected;
  return {
    ...affectedRegion(size, together, affected),
    outsideMask: size(outside),
    ...(unit === 'HU' && rest > 0 && { healthyMeanHu: healthy / rest }),
    method: 'share of the lungs: mask / (lung mask or mask)',
  };
}

/** As {@link measureLungs}, and by lung and by zone. */
export function measureLungsBySide(
  runs: Runs,
  labels: Uint8Array,
  volume: Volume,
  size: (voxels: number) => RegionSize,
): LungQuantities {
  const whole = measureLungs(runs, labels, volume, size);
  const counts = countSides(runs, labels, volume);
  const [right, left] = [countZones(counts.right), countZones(counts.left)];
  const zones = [toZones('right', right, size), toZones('left', left, size)].flat();
  return {
    ...whole,
    right: sumOf(right, size),
    left: sumOf(left, size),
    zones,
    zoneScore: zones.reduce((sum, { score }) => sum + score, 0),
    method:
      `${whole.method}; infection outside both lungs belongs to the one on its side; zones: thirds of each lung's ` +
      'height, scored 0..5 by share (0, < 5 %, <= 25 %, < 50 %, <= 75 %, more) and summed to a zone score of 0..30',
  };
}

/** Voxels and infected voxels. */
type Count = [voxels: number, affected: number];

/** Counts each lung by axial slices, from the feet up; infection outside both belongs to the one on its side. */
function countSides(
  runs: Runs,
  labels: Uint8Array,
  volume: Volume,
): Readonly<Record<LungSide, readonly Count[]>> {
  const frame = displayFrame(volume);
  const { column, slice, columnStep, sliceStep } = displayPlaces(frame, volume.dims);
  const perSlice = (): Count[] => Array.from({ length: frame.slices }, () => [0, 0]);
  const [right, left] = [perSlice(), perSlice()];
  const bySide: Readonly<Record<number, Count[]>> = { [RIGHT_LUNG]: right, [LEFT_LUNG]: left };
  const counts = new Float64Array(256);
  const sums = new Float64Array(256);
  eachRun(findRuns(labels, volume.dims), (start, end) => {
    let [x, z] = [column(start) + 0.5, slice(start)];
    for (let i = start; i < end; i++, x += columnStep, z += sliceStep) {
      const label = labels[i]!;
      counts[label]!++;
      sums[label]! += x;
      const count = bySide[label]?.[z];
      if (count) count[0]++;
    }
  });
  const middle = middleOf(counts, sums) ?? frame.width / 2;
  eachRun(runs, (start, end) => {
    let [x, z] = [column(start) + 0.5, slice(start)];
    for (let i = start; i < end; i++, x += columnStep, z += sliceStep) {
      const label = labels[i]!;
      const count = bySide[label === 0 ? (x < middle ? RIGHT_LUNG : LEFT_LUNG) : label]?.[z];
      if (!count) continue;
      if (label === 0) count[0]++;
      count[1]++;
    }
  });
  return { right, left };
}

/** Counts of the lower, middle and upper third of one lung. */
type ZoneCounts = readonly (readonly [voxels: number, affected: number])[];

function countZones(perSlice: readonly Count[]): ZoneCounts {
  const lowest = perSlice.findIndex(([voxels]) => voxels > 0);
  const highest = perSlice.findLastIndex(([voxels]) => voxels > 0);
  const height = highest - lowest + 1;
  const zones: [number, number][] = [
    [0, 0],
    [0, 0],
    [0, 0],
  ];
  perSlice.forEach(([voxels, affected], z) => {
    const zone = zones[Math.min(2, Math.max(0, Math.floor((3 * (z - lowest + 0.5)) / height)))];
    if (zone === undefined || voxels === 0) return;
    zone[0] += voxels;
    zone[1] += affected;
  });
  return zones;
}

const LEVELS: readonly ZoneLevel[] = ['lower', 'middle', 'upper'];

/** From the top down, as reports list them. */
function toZones(side: LungSide, counts: ZoneCounts, size: (voxels: number) => RegionSize): LungZone[] {
  return counts
    .map(([voxels, affected], i): LungZone => {
      const region = affectedRegion(size, voxels, affected);
      return { side, level: LEVELS[i] ?? 'lower', ...region, score: involvementScore(region.affectedShare) };
    })
    .toReversed();
}

function sumOf(counts: ZoneCounts, size: (voxels: number) => RegionSize): AffectedRegion {
  const total = (index: 0 | 1): number => counts.reduce((sum, pair) => sum + pair[index], 0);
  return affectedRegion(size, total(0), total(1));
}
