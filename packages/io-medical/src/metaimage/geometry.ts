import { type Affine, affineOfSteps, diagonalAffine, isInvertible, turnLpsRas } from '../affine.js';
import { type MetaImageHeader, numbersOf } from './header.js';

/** Where a MetaImage lies, and how far its header says so. */
export interface MetaImageGeometry {
  readonly affine: Affine;
  readonly calibrated: boolean;
  readonly assumed: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * The matrix that ITK uses: rows of TransformMatrix are the directions of the axes, Offset is the place of the first
 * voxel, both to the patient's left, back and head. CenterOfRotation and AnatomicalOrientation do not count.
 */
export function metaImageGeometry(source: string, { fields, sizes }: MetaImageHeader): MetaImageGeometry {
  const axes = sizes.length;
  const spacing = numbersOf(fields, 'elementspacing', 'elementsize');
  const matrix = numbersOf(fields, 'transformmatrix', 'rotation', 'orientation');
  const offset = numbersOf(fields, 'offset', 'position', 'origin');
  const steps = Array.from({ length: Math.min(3, axes) }, (_, axis) => {
    const step = spacing?.[axis] ?? 1;
    const along = (i: number): number => {
      const cosine = matrix?.length === axes * axes ? matrix[axis * axes + i] : undefined;
      return (i < axes ? (cosine ?? Number(i === axis)) : 0) * step;
    };
    return [along(0), along(1), along(2)] as const;
  });
  const at = (i: number): number => (i < axes ? (offset?.[i] ?? 0) : 0);
  const affine = turnLpsRas(affineOfSteps(steps, [at(0), at(1), at(2)]));
  const assumed = [
    ...(matrix?.length === axes * axes
      ? []
      : ['rows run to the left, columns to the back and slices to the head']),
    ...(offset === undefined ? ['the first voxel lies at the origin'] : []),
  ];
  if (isInvertible(affine)) return { affine, calibrated: spacing !== undefined, assumed, warnings: [] };
  const warnings = [`${source}: its TransformMatrix is no usable matrix; sizes and sides are unknown`];
  return { affine: diagonalAffine([-1, -1, 1]), calibrated: false, assumed, warnings };
}
