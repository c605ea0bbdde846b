import { type Affine, axisStep, determinant, norm } from '../affine.js';

/** A rotation with spacing as NIfTI's qform stores it. */
export interface QuaternionForm {
  /** b, c, d of a unit quaternion whose a is not negative. */
  readonly quaternion: readonly [number, number, number];
  /** -1 where the third axis is turned round, else 1. */
  readonly qfac: 1 | -1;
}

/** Cosine between two axes above which they are not perpendicular: more than float32 rounding makes. */
const SKEW = 1e-5;

/** The qform of an affine, or undefined where its axes are not perpendicular (gantry tilt), which no qform can say. */
export function quaternionForm(affine: Affine): QuaternionForm | undefined {
  const direction = (axis: number): Vector => {
    const step = axisStep(affine, axis);
    const length = norm(step);
    return [step[0] / length, step[1] / length, step[2] / length];
  };
  const dot = (u: Vector, v: Vector): number => u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
  const [x, y, z] = [direction(0), direction(1), direction(2)];
  if (Math.max(Math.abs(dot(x, y)), Math.abs(dot(x, z)), Math.abs(dot(y, z))) > SKEW) return undefined;
  const qfac = determinant(affine) < 0 ? -1 : 1;
  return { quaternion: quaternionOf(x, y, [z[0] * qfac, z[1] * qfac, z[2] * qfac]), qfac };
}

type Vector = readonly [number, number, number];

/**
 * Unit quaternion of a rotation given by its columns, from whichever of its four parts is largest, so that nothing is
 * divided by a small number.
 */
function quaternionOf(x: Vector, y: Vector, z: Vector): [number, number, number] {
  const fourSquares = [
    1 + x[0] + y[1] + z[2],
    1 + x[0] - y[1] - z[2],
    1 - x[0] + y[1] - z[2],
    1 - x[0] - y[1] + z[2],
  ];
  const largest = fourSquares.indexOf(Math.max(...fourSquares));
  const twice = Math.sqrt(fourSquares[largest] ?? 1);
  const unscaled = [
    [twice * twice, y[2] - z[1], z[0] - x[2], x[1] - y[0]],
    [y[2] - z[1], twice * twice, x[1] + y[0], z[0] + x[2]],
    [z[0] - x[2], x[1] + y[0], twice * twice, y[2] + z[1]],
    [x[1] - y[0], z[0] + x[2], y[2] + z[1], twice * twice],
  ][largest] as [number, number, number, number];
  const sign = unscaled[0] < 0 ? -1 : 1;
  const [, b, c, d] = unscaled.map((value) => (sign * value) / (2 * twice)) as [
    number,
    number,
    number,
    number,
  ];
  return [b, c, d];
}
