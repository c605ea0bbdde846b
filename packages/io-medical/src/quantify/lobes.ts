import { type AffectedRegion, affectedRegion, involvementScore, type RegionSize } from './region.js';

/**
 * Names of the five lobes by label, in the order in which TotalSegmentator numbers them (its own labels are 10 to 14: take 9
 * away). Programs differ; look at one slice before trusting a score by lobes.
 */
export const LOBE_NAMES: Readonly<Record<number, string>> = {
  1: 'left upper lobe',
  2: 'left lower lobe',
  3: 'right upper lobe',
  4: 'right middle lobe',
  5: 'right lower lobe',
};

/** One lobe. */
export interface Lobe extends AffectedRegion {
  readonly label: number;
  readonly name: string;
  /** 0..5 by share of the lobe, see {@link involvementScore}. */
  readonly score: 0 | 1 | 2 | 3 | 4 | 5;
}

/** The infection by lobe. */
export interface LobeQuantities {
  readonly lobes: readonly Lobe[];
  /** CT severity score: the lobes' scores together, 0..25. */
  readonly severityScore: number;
  /** Infection that lies in no lobe of the mask; it is in no score. */
  readonly outsideMask: RegionSize;
  readonly method: string;
}

/** Measures the infection within the lobes of a mask whose labels are the keys of {@link LOBE_NAMES}. */
export function measureLobes(
  mask: Uint8Array,
  labels: Uint8Array,
  size: (voxels: number) => RegionSize,
): LobeQuantities {
  const voxels = new Float64Array(256);
  const affected = new Float64Array(256);
  for (let i = 0; i < mask.length; i++) {
    const label = labels[i] ?? 0;
    voxels[label] = (voxels[label] ?? 0) + 1;
    if (mask[i] !== 0) affected[label] = (affected[label] ?? 0) + 1;
  }
  const lobes = Object.entries(LOBE_NAMES).map(([key, name]): Lobe => {
    const label = Number(key);
    const region = affectedRegion(size, voxels[label] ?? 0, affected[label] ?? 0);
    return { label, name, ...region, score: involvementScore(region.affectedShare) };
  });
  return {
    lobes,
    severityScore: lobes.reduce((sum, { score }) => sum + score, 0),
    outsideMask: size(affected[0] ?? 0),
    method:
      'share of each lobe of the given mask, scored 0..5 (0, < 5 %, <= 25 %, < 50 %, <= 75 %, more) and summed to a CT ' +
      'severity score of 0..25 (Pan et al., Radiology 2020)',
  };
}
