import { type Affine, affineOfSteps, diagonalAffine, isInvertible, turnLpsRas } from '../affine.js';
import { ImageFormatError } from '../errors.js';
import { type NrrdHeader, words } from './header.js';

type Vector = [number, number, number];

/** Which axes of an NRRD file lie in space, and where. */
export interface NrrdGeometry {
  readonly spatialAxes: readonly number[];
  readonly colourAxis: number | undefined;
  readonly affine: Affine;
  readonly calibrated: boolean;
  readonly assumed: readonly string[];
  readonly warnings: readonly string[];
}

/** Signs that bring a space's axes to right, front, head. */
const SPACES: Readonly<Record<string, Vector>> = {
  ras: [1, 1, 1],
  las: [-1, 1, 1],
  lps: [-1, -1, 1],
  'right-anterior-superior': [1, 1, 1],
  'left-anterior-superior': [-1, 1, 1],
  'left-posterior-superior': [-1, -1, 1],
};

const MILLIMETRES: Readonly<Record<string, number>> = { mm: 1, cm: 10, m: 1000, um: 0.001, µm: 0.001 };

const SPATIAL_KINDS = ['domain', 'space'];
const COLOUR_KINDS: Readonly<Record<string, number>> = {
  'rgb-color': 3,
  '3-color': 3,
  'rgba-color': 4,
  '4-color': 4,
};

/**
 * Place and axes. Directions are kept as they are, perpendicular or not; without any, the spacings are laid along a space
 * that is then said to be assumed.
 *
 * @throws {ImageFormatError} `unsupported` where more than three axes lie in space
 */
export function nrrdGeometry(source: string, { fields, sizes, type }: NrrdHeader): NrrdGeometry {
  const warnings: string[] = [];
  const assumed: string[] = [];
  const directions = directionsOf(fields.get('space directions'), sizes.length);
  const kinds = words(fields.get('kinds')).map((kind) => kind.toLowerCase());
  const spatialAxes = chooseSpatialAxes(source, sizes, kinds, directions);
  const colourAxis = sizes.findIndex(
    (size, axis) =>
      !spatialAxes.includes(axis) && COLOUR_KINDS[kinds[axis] ?? ''] === size && type === 'uint8',
  );
  const steps = spatialAxes.map((axis) => directions?.[axis]);
  const placed = steps.every((step) => step !== undefined)
    ? directed(source, fields, steps, { assumed, warnings })
    : undefined;
  const affine = placed ?? spaced(fields, spatialAxes, assumed);
  return {
    spatialAxes,
    colourAxis: colourAxis < 0 ? undefined : colourAxis,
    affine: isInvertible(affine) ? affine : diagonalAffine([-1, -1, 1]),
    calibrated: isInvertible(affine) && (placed !== undefined || fields.has('spacings')),
    assumed,
    warnings: isInvertible(affine)
      ? warnings
      : [...warnings, `${source}: its directions are no usable matrix; sizes and sides are unknown`],
  };
}

/** One vector per axis; undefined for `none` and for what is no vector, and altogether where the field is missing. */
function directionsOf(value: string | undefined, axes: number): (Vector | undefined)[] | undefined {
  if (value === undefined) return undefined;
  const items = value.match(/\([^)]*\)|none/gi) ?? [];
  return Array.from({ length: axes }, (_, axis) => vectorOf(items[axis]));
}

/** A vector of up to three numbers; missing ones are 0. */
function vectorOf(text: string | undefined): Vector | undefined {
  const numbers = /^\(([^)]*)\)$/
    .exec(text?.trim() ?? '')?.[1]
    ?.split(',')
    .map(Number);
  if (numbers === undefined || numbers.length > 4 || !numbers.every(Number.isFinite)) return undefined;
  const [x = 0, y = 0, z = 0] = numbers;
  return [x, y, z];
}

/** Axes with a direction; without directions those of a spatial kind; without kinds the first three. */
function chooseSpatialAxes(
  source: string,
  sizes: readonly number[],
  kinds: readonly string[],
  directions: (Vector | undefined)[] | undefined,
): number[] {
  const all = sizes.map((_, axis) => axis);
  const withDirection = all.filter((axis) => directions?.[axis] !== undefined);
  const ofKind = all.filter((axis) => SPATIAL_KINDS.includes(kinds[axis] ?? ''));
  const chosen = withDirection.length > 0 ? withDirection : ofKind.length > 0 ? ofKind : all.slice(0, 3);
  if (chosen.length <= 3) return chosen;
  throw new ImageFormatError(
    'unsupported',
    `${source}: an NRRD file with ${chosen.length} axes in space`,
    'Give three; axes of another kind need kinds such as `list` or `time`, or `none` as their direction.',
  );
}

function directed(
  source: string,
  fields: ReadonlyMap<string, string>,
  steps: readonly (Vector | undefined)[],
  { assumed, warnings }: { assumed: string[]; warnings: string[] },
): Affine {
  const space = (fields.get('space') ?? '').toLowerCase().replace(/-time$/, '');
  const known = Object.hasOwn(SPACES, space) ? SPACES[space] : undefined;
  const [sx, sy, sz] = known ?? [-1, -1, 1];
  if (known === undefined) {
    assumed.push('the space is left-posterior-superior');
    warnings.push(`${source}: its space is not the patient's; sides are assumed and may be swapped`);
  }
  const origin = vectorOf(fields.get('space origin'));
  if (origin === undefined) assumed.push('the first voxel lies at the origin');
  const scale = unitScale(source, fields.get('space units'), warnings);
  const toRas = ([x, y, z]: Vector): Vector => [x * sx * scale + 0, y * sy * scale + 0, z * sz * scale + 0];
  return affineOfSteps(
    steps.map((step) => toRas(step ?? [0, 0, 0])),
    toRas(origin ?? [0, 0, 0]),
  );
}

function unitScale(source: string, units: string | undefined, warnings: string[]): number {
  const unit = /"([^"]*)"/.exec(units ?? '')?.[1]?.trim();
  if (unit === undefined || unit === '') return 1;
  const scale = Object.hasOwn(MILLIMETRES, unit) ? MILLIMETRES[unit] : undefined;
  if (scale === undefined)
    warnings.push(`${source}: lengths are in a unit that is not known; taken as millimetres`);
  return scale ?? 1;
}

/** A grid along the axes of the image, as far as its spacings go. */
function spaced(
  fields: ReadonlyMap<string, string>,
  spatialAxes: readonly number[],
  assumed: string[],
): Affine {
  const spacings = words(fields.get('spacings')).map(Number);
  const step = (i: number): number => {
    const spacing = spacings[spatialAxes[i] ?? -1] ?? NaN;
    return Number.isFinite(spacing) && spacing !== 0 ? Math.abs(spacing) : 1;
  };
  assumed.push('rows run to the left, columns to the back and slices to the head');
  return turnLpsRas(diagonalAffine([step(0), step(1), step(2)]));
}
