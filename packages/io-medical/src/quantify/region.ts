import { determinant } from '../affine.js';
import type { Volume } from '../volume.js';

/** Size of one region. */
export interface RegionSize {
  readonly voxels: number;
  /** Millilitres; only for volumes whose voxels have a known size. */
  readonly volumeMl?: number;
}

/** A part of the lungs, and how much of it is infected. */
export interface AffectedRegion extends RegionSize {
  /** The infection in it. */
  readonly affected: RegionSize;
  /** Infection over region, 0..1; 0 where there is no region. */
  readonly affectedShare: number;
}

/** Millilitres of one voxel: |det| of the affine's 3 x 3 part, right for sheared grids (gantry tilt) too. */
export function voxelMl({ affine }: Pick<Volume, 'affine'>): number {
  return Math.abs(determinant(affine)) / 1000;
}

/** Gives counts of voxels their millilitres. */
export function regionSizer(volume: Pick<Volume, 'affine' | 'calibrated'>): (voxels: number) => RegionSize {
  const ml = voxelMl(volume);
  return (voxels) => ({ voxels, ...(volume.calibrated && { volumeMl: voxels * ml }) });
}

/** A region of `voxels`, `affected` of them infected. */
export function affectedRegion(
  size: (voxels: number) => RegionSize,
  voxels: number,
  affected: number,
): AffectedRegion {
  return { ...size(voxels), affected: size(affected), affectedShare: voxels === 0 ? 0 : affected / voxels };
}

/**
 * How much of a lobe is affected, 0..5: none, below 5 %, to 25 %, below 50 %, to 75 %, above 75 % (Pan et al., Radiology
 * 2020, 295:715-721).
 */
export function involvementScore(share: number): 0 | 1 | 2 | 3 | 4 | 5 {
  if (share <= 0) return 0;
  if (share < 0.05) return 1;
  if (share <= 0.25) return 2;
  if (share < 0.5) return 3;
  return share <= 0.75 ? 4 : 5;
}
