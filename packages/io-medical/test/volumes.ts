import { diagonalAffine, type Affine } from '../src/affine.js';
import type { Volume, VoxelArray } from '../src/volume.js';

/** A CT volume made in a test. */
export function volumeOf(
  dims: readonly [number, number, number],
  voxels: VoxelArray,
  affine: Affine = diagonalAffine([-1, -1, 1]),
): Volume {
  return {
    voxels,
    dims,
    affine,
    calibrated: true,
    unit: 'HU',
    format: 'nifti',
    source: 'test',
    assumed: [],
    warnings: [],
  };
}

/** Whole numbers 0, 1, 2, ... so that each voxel is told from every other. */
export function counting(length: number): Int16Array {
  return Int16Array.from({ length }, (_, i) => i);
}
