import { isColour } from './pixel-format.js';
import type { Slice } from './slice.js';
import type { Vector } from './vectors.js';

/** Directions whose cosines differ by less are one: files round them to four digits and more. */
const COSINE_TOLERANCE = 1e-3;
/** Relative. */
const SPACING_TOLERANCE = 1e-3;

/**
 * Parts slices into those that can make one volume: of one series, size, spacing and orientation, grey or colour, with
 * or without a place in space.
 */
export function groupSlices(slices: readonly Slice[]): readonly (readonly Slice[])[] {
  const groups = new Map<string, Slice[][]>();
  for (const slice of slices) {
    const { seriesUid, format, sopClassUid } = slice.header;
    const isPlaced = slice.geometry.position !== undefined && slice.geometry.axes !== undefined;
    const key = [
      seriesUid,
      sopClassUid,
      format.rows,
      format.columns,
      isColour(format.photometric),
      isPlaced,
    ].join();
    const alike = groups.get(key) ?? [];
    groups.set(key, alike);
    const group = alike.find(([first]) => first !== undefined && isAlike(first, slice));
    if (group === undefined) alike.push([slice]);
    else group.push(slice);
  }
  return [...groups.values()].flat();
}

function isAlike({ geometry: a }: Slice, { geometry: b }: Slice): boolean {
  return (
    isSameSpacing(a.spacing, b.spacing) &&
    isSameDirection(a.axes?.row, b.axes?.row) &&
    isSameDirection(a.axes?.column, b.axes?.column)
  );
}

function isSameSpacing(a: readonly number[] | undefined, b: readonly number[] | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.every((value, i) => Math.abs(value - (b[i] ?? NaN)) <= SPACING_TOLERANCE * value);
}

function isSameDirection(a: Vector | undefined, b: Vector | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.every((value, i) => Math.abs(value - (b[i] ?? NaN)) <= COSINE_TOLERANCE);
}
