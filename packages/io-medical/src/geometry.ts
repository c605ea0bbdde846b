import { type Affine, isInvertible } from './affine.js';
import { ImageFormatError } from './errors.js';
import type { Volume, VoxelArray } from './volume.js';

/** Where voxels lie: everything of a volume but its voxels. */
export type Geometry = Pick<Volume, 'dims' | 'affine' | 'calibrated' | 'header'>;

/** Refuses voxels that are too many or too few for a grid. */
export function checkVoxelCount(voxels: VoxelArray, [nx, ny, nz]: Volume['dims']): void {
  if (voxels.length === nx * ny * nz) return;
  throw new ImageFormatError(
    'size-mismatch',
    `${voxels.length} voxels do not make a volume of ${nx} x ${ny} x ${nz}`,
    'Give one voxel for each of the volume it belongs to.',
  );
}

/** Refuses an affine that places no voxel. */
export function checkAffine(affine: Affine): void {
  if (isInvertible(affine)) return;
  throw new ImageFormatError(
    'invalid-option',
    'the affine is no usable matrix',
    'Give 16 finite numbers, row by row, whose axes do not coincide.',
  );
}
