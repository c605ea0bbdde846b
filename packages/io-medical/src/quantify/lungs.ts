import { displayGrid, type DisplayGrid, toDisplay } from '../lung/display-grid.js';
import { addInfection } from '../lung/add-infection.js';
import { LEFT_LUNG, type LungSide, RIGHT_LUNG } from '../lung/labels.js';
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

/** Measures the infection within a lung mask that does not tell the sides apart. */
export function measureLungs(
  mask: Uint8Array,
  lungs: Uint8Array,
  volume: Volume,
  size: (voxels: number) => RegionSize,
): LungQuantities {
  let [together, affected, outside, healthy] = [0, 0, 0, 0];
  for (let i = 0; i < mask.length; i++) {
    const isAffected = mask[i] !== 0;
    const isLung = lungs[i] !== 0;
    if (isAffected) affected++;
    if (isAffected && !isLung) outside++;
    if (isLung || isAffected) together++;
    if (isLung && !isAffected) healthy += volume.voxels[i] ?? 0;
  }
  const rest = together - affected;
  return {
    ...affectedRegion(size, together, affected),
    outsideMask: size(outside),
    ...(volume.unit === 'HU' && rest > 0 && { healthyMeanHu: healthy / rest }),
    method: 'share of the lungs: mask / (lung mask or mask)',
  };
}

/** As {@link measureLungs}, and by lung and by zone. */
export function measureLungsBySide(
  mask: Uint8Array,
  labels: Uint8Array,
  volume: Volume,
  size: (voxels: number) => RegionSize,
): LungQuantities {
  const whole = measureLungs(mask, labels, volume, size);
  const grid = displayGrid(volume);
  const infection = toDisplay(mask, grid);
  const sides = toDisplay(labels, grid);
  addInfection(sides, infection, grid.dims[0]);
  const right = countZones(sides, infection, grid, RIGHT_LUNG);
  const left = countZones(sides, infection, grid, LEFT_LUNG);
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

/** Voxels and infected voxels of the lower, middle and upper third of one lung. */
type ZoneCounts = readonly (readonly [voxels: number, affected: number])[];

function countZones(sides: Uint8Array, infection: Uint8Array, grid: DisplayGrid, label: number): ZoneCounts {
  const [nx, ny, nz] = grid.dims;
  const perSlice = Array.from({ length: nz }, (_, z): [number, number] => {
    let [voxels, affected] = [0, 0];
    for (let i = z * nx * ny; i < (z + 1) * nx * ny; i++) {
      if (sides[i] !== label) continue;
      voxels++;
      if (infection[i] !== 0) affected++;
    }
    return [voxels, affected];
  });
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
