import { cross, norm } from '../affine.js';
import { ImageFormatError } from '../errors.js';
import type { Slice } from './slice.js';
import { addScaled, dot, subtract, type Vector } from './vectors.js';

/** Slices in order, and where they lie. Directions are DICOM's (LPS). */
export interface Placement {
  readonly slices: readonly Slice[];
  /** Centre of the first voxel, in millimetres. */
  readonly origin: Vector;
  /** From voxel to voxel along x (a row), y (a column) and z (the slices), in millimetres. */
  readonly steps: readonly [x: Vector, y: Vector, z: Vector];
  /** Whether the pixels have a known size. */
  readonly calibrated: boolean;
  /** Places along the normal, from the first slice, where they are uneven. */
  readonly positions?: readonly number[];
  readonly assumed: readonly string[];
  readonly warnings: readonly string[];
}

/** How far a slice may lie from its place, as a share of the step; scanners write positions in tenths of millimetres. */
const STEP_TOLERANCE = 0.1;
/** Millimetres below which two slices lie in one place. */
export const SAME_PLACE = 0.01;
/** Radians from which on a shear is told of. */
const TILT = 0.1 * (Math.PI / 180);

/**
 * Puts slices of one group in order along their normal (row x column) and measures how they lie. The step from slice
 * to slice is taken from the positions, so that a tilted gantry gives a sheared grid, not a wrong one.
 *
 * @param slices of which no two lie in one place; see {@link findClashes}
 * @throws {ImageFormatError} `uneven-slices` unless `allowUneven`
 */
export function placeSlices(
  source: string,
  slices: readonly Slice[],
  { allowUneven = false }: { readonly allowUneven?: boolean } = {},
): Placement {
  const [first] = slices;
  if (first === undefined) throw new ImageFormatError('no-image', `${source}: no slices`, 'Give images.');
  const { axes, spacing, sliceSpacing, isDetectorSpacing } = first.geometry;
  const assumed: string[] = [];
  if (spacing === undefined) assumed.push('pixels of 1 mm');
  if (isDetectorSpacing) assumed.push('pixels as large in the patient as at the detector (0018,1164)');
  if (axes === undefined) assumed.push('axial slices, the patient on the back (no orientation in the file)');
  const row = axes?.row ?? [1, 0, 0];
  const column = axes?.column ?? [0, 1, 0];
  const normal = axes?.normal ?? [0, 0, 1];
  const [betweenRows, betweenColumns] = spacing ?? [1, 1];
  const base = {
    x: addScaled([0, 0, 0], row, betweenColumns),
    y: addScaled([0, 0, 0], column, betweenRows),
    calibrated: spacing !== undefined && !isDetectorSpacing,
  };
  const ordered = sortSlices(slices, normal);
  const places = ordered.map(({ geometry }) => geometry.position);
  const origin = places[0];
  const last = places.at(-1);
  const isPlaced = axes !== undefined && origin !== undefined && last !== undefined;
  if (!isPlaced || norm(subtract(last, origin)) < SAME_PLACE) {
    if (!isPlaced) assumed.push('no known position');
    if (sliceSpacing === undefined || (!isPlaced && ordered.length > 1)) {
      assumed.push(`slices ${sliceSpacing ?? 1} mm apart`);
    }
    const z = addScaled([0, 0, 0], normal, sliceSpacing ?? 1);
    const warnings =
      ordered.length > 1
        ? [`${source}: ${ordered.length} images without places of their own; their order is assumed`]
        : [];
    return {
      slices: ordered,
      origin: origin ?? [0, 0, 0],
      steps: [base.x, base.y, z],
      calibrated: base.calibrated,
      assumed,
      warnings,
    };
  }
  const step = addScaled([0, 0, 0], subtract(last, origin), 1 / (ordered.length - 1));
  const warnings: string[] = [];
  const positions = checkEven(source, ordered, { origin, step, normal }, allowUneven, warnings);
  warnTilt(source, step, normal, warnings);
  return {
    slices: ordered,
    origin,
    steps: [base.x, base.y, step],
    calibrated: base.calibrated,
    ...(positions === undefined ? {} : { positions }),
    assumed,
    warnings: [...warnings, ...missingImages(source, ordered)],
  };
}

/** By place along the normal; slices without a place by instance number, frame and name. */
function sortSlices(slices: readonly Slice[], normal: Vector): readonly Slice[] {
  const along = ({ geometry }: Slice): number =>
    geometry.position === undefined ? 0 : dot(geometry.position, normal);
  return slices.toSorted(
    (a, b) =>
      along(a) - along(b) ||
      (a.header.instanceNumber ?? 0) - (b.header.instanceNumber ?? 0) ||
      a.frame - b.frame,
  );
}

/** Slices that lie in one place, place by place; only places that hold more than one. */
export function findClashes(slices: readonly Slice[]): readonly (readonly Slice[])[] {
  const normal = slices[0]?.geometry.axes?.normal;
  if (normal === undefined) return [];
  const clusters: Slice[][] = [];
  let end = -Infinity;
  for (const slice of sortSlices(slices, normal)) {
    if (slice.geometry.position === undefined) return [];
    const place = dot(slice.geometry.position, normal);
    if (place - end >= SAME_PLACE) clusters.push([slice]);
    else clusters.at(-1)?.push(slice);
    end = place;
  }
  return clusters.filter(({ length }) => length > 1);
}

/** Compares each slice's place with its place on an even grid. */
function checkEven(
  source: string,
  slices: readonly Slice[],
  { origin, step, normal }: { readonly origin: Vector; readonly step: Vector; readonly normal: Vector },
  allowUneven: boolean,
  warnings: string[],
): readonly number[] | undefined {
  const places = slices.map(({ geometry }) => geometry.position ?? origin);
  const tolerance = STEP_TOLERANCE * norm(step) + SAME_PLACE;
  const isEven = places.every((place, i) => norm(subtract(place, addScaled(origin, step, i))) <= tolerance);
  if (isEven) return undefined;
  const positions = places.map((place) => dot(subtract(place, origin), normal));
  const what = describeGaps(positions);
  if (!allowUneven) {
    throw new ImageFormatError(
      'uneven-slices',
      `${source}: ${slices.length} slices lie unevenly, ${what}`,
      'Look for missing files. To read it all the same, with the mean distance between slices, set allowUneven.',
    );
  }
  warnings.push(`${source}: slices lie unevenly, ${what}; distances and volumes are wrong in places`);
  return positions;
}

function describeGaps(positions: readonly number[]): string {
  const distances = positions.slice(1).map((place, i) => place - (positions[i] ?? 0));
  const sorted = distances.toSorted((a, b) => a - b);
  const median = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  const range = `from ${(sorted[0] ?? 0).toFixed(2)} to ${(sorted.at(-1) ?? 0).toFixed(2)} mm apart`;
  const gaps = distances.filter((distance) => distance > 1.5 * median);
  if (gaps.length === 0) return range;
  const missing = gaps.reduce((sum, gap) => sum + Math.round(gap / median) - 1, 0);
  return `${range}: ${gaps.length} ${gaps.length === 1 ? 'gap' : 'gaps'}, where about ${missing} slices are missing`;
}

function warnTilt(source: string, step: Vector, normal: Vector, warnings: string[]): void {
  const angle = Math.atan2(norm(cross(step, normal)), Math.abs(dot(step, normal)));
  if (angle < TILT) return;
  const degrees = ((180 * angle) / Math.PI).toFixed(1);
  warnings.push(
    `${source}: slices are shifted against each other (gantry tilt of ${degrees} degrees); the affine is sheared accordingly`,
  );
}

/** What the files themselves say about images that are not here. */
function missingImages(source: string, slices: readonly Slice[]): readonly string[] {
  const warnings: string[] = [];
  const announced = Math.max(...slices.map(({ header }) => header.imagesInAcquisition ?? 0));
  if (announced > slices.length) {
    warnings.push(`${source}: (0020,1002) announces ${announced} images, but ${slices.length} are here`);
  }
  const numbers = slices.map(({ header }) => header.instanceNumber ?? NaN);
  const unique = new Set(numbers);
  const span = Math.max(...numbers) - Math.min(...numbers) + 1;
  if (unique.size === slices.length && span > slices.length && span <= 2 * slices.length) {
    warnings.push(
      `${source}: ${span - slices.length} image numbers (0020,0013) are left out; slices may be missing`,
    );
  }
  return warnings;
}
