import { MetricsError } from '../errors.js';
import type { FlatArray } from '../inputs.js';

/** A class: its value in the label maps and what it is called. */
export interface Label {
  readonly name: string;
  readonly value: number;
}

/** More classes than this are no classes; the table of counts has this many rows and columns. */
const MOST = 1024;

/**
 * The classes by rising value: the given ones, or all values that occur; the background joins them.
 *
 * @throws MetricsError `invalid-option`, `out-of-range`
 */
export function labelSet(
  given: Readonly<Record<string, number>> | readonly number[] | undefined,
  background: number | undefined,
  maps: Readonly<Record<string, FlatArray>>,
): Label[] {
  const pairs: [string, number][] = Array.isArray(given)
    ? given.map((value: number) => [String(value), value])
    : Object.entries(given ?? {});
  if (given === undefined) for (const value of occurring(maps)) pairs.push([String(value), value]);
  if (background !== undefined && pairs.every(([, value]) => value !== background)) {
    pairs.push(['background', background]);
  }
  const labels = pairs.map(([name, value]) => ({ name, value })).toSorted((a, b) => a.value - b.value);
  const isSound = labels.every(
    ({ value }, i) => Number.isSafeInteger(value) && value !== labels[i - 1]?.value,
  );
  if (isSound && labels.length > 0 && labels.length <= MOST) return labels;
  throw new MetricsError(
    'invalid-option',
    `labels are ${labels.length} values: ${labels
      .slice(0, 8)
      .map(({ value }) => value)
      .join(', ')}`,
    `name from 1 to ${MOST} different whole numbers, for example { opacity: 1, consolidation: 2 }`,
  );
}

/** Every value of the maps. */
function occurring(maps: Readonly<Record<string, FlatArray>>): Set<number> {
  const found = new Set<number>();
  for (const [argument, map] of Object.entries(maps)) {
    for (let i = 0, last = NaN; i < map.length; i++) {
      const value = map[i]!;
      if (value === last) continue;
      last = value;
      if (!Number.isSafeInteger(value) || found.size > MOST) {
        throw new MetricsError(
          'out-of-range',
          `${argument} holds ${value} at index ${i}, which is no label`,
          'pass label maps of whole numbers; take the most probable class first',
        );
      }
      found.add(value);
    }
  }
  return found;
}

/**
 * For every voxel the place of its label in the list.
 *
 * @throws MetricsError `out-of-range` for a value that is no label
 */
export function placesOf(map: FlatArray, labels: readonly Label[], argument: string): Uint16Array {
  const known = new Map(labels.map(({ value }, place) => [value, place]));
  const places = new Uint16Array(map.length);
  let last = NaN;
  let place: number | undefined;
  for (let i = 0; i < places.length; i++) {
    const value = map[i]!;
    if (value !== last) {
      last = value;
      place = known.get(value);
    }
    if (place === undefined) {
      throw new MetricsError(
        'out-of-range',
        `${argument} holds ${value} at index ${i}, which is none of the labels ${labels.map((label) => label.value).join(', ')}`,
        'name every value in labels',
      );
    }
    places[i] = place;
  }
  return places;
}
