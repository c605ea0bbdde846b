import { eachRun, type Runs } from '../morphology/runs.js';
import type { Volume } from '../volume.js';
import type { RegionSize } from './region.js';

/** Densities in HU that part the kinds of infected lung. */
export interface TissueThresholds {
  /** Below it lung is aerated as if healthy. Default -750. */
  readonly aeratedBelow: number;
  /** Ground glass below it, consolidation from it on. Default -300. */
  readonly consolidationFrom: number;
  /** Above it is neither: vessel with contrast medium, bone, effusion. Default 50. */
  readonly consolidationTo: number;
}

/** The thresholds used when none are given. */
export const TISSUE_THRESHOLDS: TissueThresholds = {
  aeratedBelow: -750,
  consolidationFrom: -300,
  consolidationTo: 50,
};

/** Labels of a mask that tells the two kinds of infection apart, as the data set's three-class masks do. */
const GROUND_GLASS_LABEL = 1;
/** See {@link GROUND_GLASS_LABEL}, the other kind. */
const CONSOLIDATION_LABEL = 2;

/** The infection by kind; the parts add up to the whole mask. */
export interface TissueQuantities {
  readonly groundGlass: RegionSize;
  readonly consolidation: RegionSize;
  /** By density only: voxels of the mask as thin as healthy lung, and denser than consolidation. */
  readonly aerated?: RegionSize;
  readonly denser?: RegionSize;
  readonly method: string;
}

/** Parts a mask by the density of its voxels. */
export function tissueByDensity(
  runs: Runs,
  { voxels }: Volume,
  size: (voxels: number) => RegionSize,
  { aeratedBelow, consolidationFrom, consolidationTo }: TissueThresholds,
): TissueQuantities {
  let [aerated, groundGlass, consolidation, denser] = [0, 0, 0, 0];
  eachRun(runs, (start, end) => {
    for (let i = start; i < end; i++) {
      const hu = voxels[i] ?? 0;
      if (hu < aeratedBelow) aerated++;
      else if (hu < consolidationFrom) groundGlass++;
      else if (hu <= consolidationTo) consolidation++;
      else denser++;
    }
  });
  return {
    groundGlass: size(groundGlass),
    consolidation: size(consolidation),
    aerated: size(aerated),
    denser: size(denser),
    method:
      `density of each voxel of the mask: ground glass from ${aeratedBelow} to below ${consolidationFrom} HU, ` +
      `consolidation from there to ${consolidationTo} HU`,
  };
}

/** Parts a mask by its own labels, 1 and 2. */
export function tissueByLabel(mask: Uint8Array, size: (voxels: number) => RegionSize): TissueQuantities {
  const counts = new Float64Array(256);
  for (let i = 0; i < mask.length; i++) counts[mask[i] ?? 0] = (counts[mask[i] ?? 0] ?? 0) + 1;
  return {
    groundGlass: size(counts[GROUND_GLASS_LABEL] ?? 0),
    consolidation: size(counts[CONSOLIDATION_LABEL] ?? 0),
    method: `labels of the mask: ${GROUND_GLASS_LABEL} ground glass, ${CONSOLIDATION_LABEL} consolidation`,
  };
}
