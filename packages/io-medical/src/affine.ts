/**
 * A 4 x 4 matrix, row by row, that takes voxel indices (x, y, z, 1) to millimetres (right, anterior, superior, 1).
 */
export type Affine = readonly number[];

/** Column `axis` of the 3 x 3 part: the step in millimetres from one voxel to the next along that axis. */
export function axisStep(affine: Affine, axis: number): [number, number, number] {
  return [affine[axis] ?? 0, affine[4 + axis] ?? 0, affine[8 + axis] ?? 0];
}

/** Length of a vector of three. */
export function norm([x, y, z]: readonly [number, number, number]): number {
  return Math.sqrt(x * x + y * y + z * z);
}

/** Cross product of two vectors of three. */
export function cross(
  a: readonly [number, number, number],
  b: readonly [number, number, number],
): [number, number, number] {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** Determinant of the 3 x 3 part: the signed volume of one voxel in cubic millimetres. */
export function determinant(affine: Affine): number {
  const c = cross(axisStep(affine, 1), axisStep(affine, 2));
  const a = axisStep(affine, 0);
  return a[0] * c[0] + a[1] * c[1] + a[2] * c[2];
}

/** Whether every entry is finite and no axis is lost. */
export function isInvertible(affine: Affine): boolean {
  const size = norm(axisStep(affine, 0)) * norm(axisStep(affine, 1)) * norm(axisStep(affine, 2));
  return affine.every(Number.isFinite) && Math.abs(determinant(affine)) > 1e-6 * size;
}

/** Axis-aligned matrix with these signed steps and this origin. */
export function diagonalAffine(
  [sx, sy, sz]: readonly [number, number, number],
  [ox, oy, oz]: readonly [number, number, number] = [0, 0, 0],
): Affine {
  return [sx, 0, 0, ox, 0, sy, 0, oy, 0, 0, sz, oz, 0, 0, 0, 1];
}
