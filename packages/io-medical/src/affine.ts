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

/** The same place in the axes of DICOM and ITK (left, back, head), or back: the first two rows change sign. */
export function turnLpsRas(affine: Affine): Affine {
  return affine.map((value, i) => (i < 8 ? -value + 0 : value));
}

/** Affine of up to three axes that are given as steps in millimetres; missing ones go 1 mm across the others. */
export function affineOfSteps(
  steps: readonly (readonly [number, number, number])[],
  origin: readonly [number, number, number],
): Affine {
  const [x = [1, 0, 0], y = [0, 1, 0], given] = steps;
  const across = cross(x, y);
  const length = norm(across);
  const z = given ?? (length > 0 ? [across[0] / length, across[1] / length, across[2] / length] : [0, 0, 1]);
  const rows = [0, 1, 2].map((row) => [x[row] ?? 0, y[row] ?? 0, z[row] ?? 0, origin[row] ?? 0]);
  return [...rows.flat(), 0, 0, 0, 1];
}

/** Axis-aligned matrix with these signed steps and this origin. */
export function diagonalAffine(
  [sx, sy, sz]: readonly [number, number, number],
  [ox, oy, oz]: readonly [number, number, number] = [0, 0, 0],
): Affine {
  return [sx, 0, 0, ox, 0, sy, 0, oy, 0, 0, sz, oz, 0, 0, 0, 1];
}
