import { type Affine, diagonalAffine, isInvertible } from '../affine.js';
import type { NiftiFields } from './fields.js';

/** Voxel-to-millimetre matrix of a header, and what was odd about it. */
export interface NiftiGeometry {
  readonly affine: Affine;
  readonly warnings: readonly string[];
}

/** Millimetres per unit by the code in the low three bits of `xyzt_units`. */
const MILLIMETRES: Readonly<Record<number, number>> = { 1: 1000, 2: 1, 3: 0.001 };

/**
 * The matrix that nibabel uses: the sform where its code is above 0, else the qform, else a grid of the given spacing
 * centred on the origin with x from right to left. In millimetres, whatever unit the file is in.
 */
export function niftiGeometry(source: string, fields: NiftiFields): NiftiGeometry {
  const warnings: string[] = [];
  const candidates: readonly (readonly [code: number, name: string, make: () => Affine])[] = [
    [fields.sformCode, 'sform', () => [...fields.sform, 0, 0, 0, 1]],
    [fields.qformCode, 'qform', () => qform(fields)],
  ];
  let affine: Affine | undefined;
  for (const [code, name, make] of candidates) {
    if (code <= 0 || affine !== undefined) continue;
    const candidate = make();
    if (isInvertible(candidate)) affine = candidate;
    else warnings.push(`${source}: the ${name} is no usable matrix and is left out`);
  }
  if (affine === undefined) {
    affine = centredGrid(fields);
    warnings.push(`${source}: no usable sform or qform; directions are assumed and sides may be swapped`);
  }
  return { affine: toMillimetres(source, fields.units & 7, affine, warnings), warnings };
}

/** Rotation from a unit quaternion (a, b, c, d) whose a is left out, times the spacing, with qfac turning z. */
function qform({ quaternion, qoffset, pixdim }: NiftiFields): Affine {
  let [b, c, d] = quaternion as [number, number, number];
  const squares = b * b + c * c + d * d;
  let a = 0;
  if (squares <= 1) {
    a = Math.sqrt(1 - squares);
  } else {
    // Half turns have a = 0; float32 rounding can push the other three slightly above length 1.
    const scale = 1 / Math.sqrt(squares);
    [b, c, d] = [b * scale, c * scale, d * scale];
  }
  const [sx, sy, sz] = spacing(pixdim);
  const z = (pixdim[0] ?? 1) < 0 ? -sz : sz;
  const [ox, oy, oz] = qoffset as [number, number, number];
  return [
    (a * a + b * b - c * c - d * d) * sx,
    2 * (b * c - a * d) * sy,
    2 * (b * d + a * c) * z,
    ox,
    2 * (b * c + a * d) * sx,
    (a * a + c * c - b * b - d * d) * sy,
    2 * (c * d - a * b) * z,
    oy,
    2 * (b * d - a * c) * sx,
    2 * (c * d + a * b) * sy,
    (a * a + d * d - b * b - c * c) * z,
    oz,
    0,
    0,
    0,
    1,
  ];
}

function centredGrid({ pixdim, dim }: NiftiFields): Affine {
  const [sx, sy, sz] = spacing(pixdim);
  const [rank = 3, ...sizes] = dim;
  const z = rank < 3 ? 1 : sz;
  const middle = (axis: number): number => ((axis < rank ? (sizes[axis] ?? 1) : 1) - 1) / 2;
  return diagonalAffine([-sx, sy, z], [middle(0) * sx, -middle(1) * sy, -middle(2) * z]);
}

/** Voxel spacing; 1 where the header has nothing usable. */
function spacing(pixdim: readonly number[]): [number, number, number] {
  return [1, 2, 3].map((i) => {
    const step = Math.abs(pixdim[i] ?? 0);
    return Number.isFinite(step) && step > 0 ? step : 1;
  }) as [number, number, number];
}

function toMillimetres(source: string, unit: number, affine: Affine, warnings: string[]): Affine {
  const scale = MILLIMETRES[unit];
  if (scale === undefined) warnings.push(`${source}: no unit of length is given; millimetres are assumed`);
  if (scale === undefined || scale === 1) return affine;
  warnings.push(
    `${source}: lengths are in ${unit === 1 ? 'metres' : 'micrometres'}; converted to millimetres`,
  );
  return affine.map((value, i) => (i < 12 ? value * scale : value));
}
