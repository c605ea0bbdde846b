import { ImageFormatError } from '../errors.js';
import type { VoxelArray } from '../volume.js';
import type { DecodeOptions } from './frame-decoder.js';
import { findClashes } from './place-slices.js';
import { decodeSlices, type Slice } from './slice.js';

/**
 * Parts a group that holds places several times into volumes of their own, where acquisition, time, echo or kernel
 * tell them apart; otherwise gives the group as it is.
 */
export function splitPhases(slices: readonly Slice[]): readonly (readonly Slice[])[] {
  if (findClashes(slices).length === 0) return [slices];
  const tags = slices[0]?.header.phases.length ?? 0;
  for (let tag = 0; tag < tags; tag++) {
    const parts = partition(slices, ({ header }) => header.phases[tag] ?? '');
    if (parts.length > 1 && parts.every((part) => part.length > 1 && findClashes(part).length === 0))
      return parts;
  }
  return [slices];
}

function partition(slices: readonly Slice[], keyOf: (slice: Slice) => string): readonly (readonly Slice[])[] {
  const parts = new Map<string, Slice[]>();
  for (const slice of slices) {
    const part = parts.get(keyOf(slice));
    if (part === undefined) parts.set(keyOf(slice), [slice]);
    else part.push(slice);
  }
  return [...parts.values()];
}

/**
 * Leaves one slice in each place: exact copies go, with a warning. Different pixels in one place are refused, since
 * no one can tell which are right.
 *
 * @throws {ImageFormatError} `uneven-slices` unless `allowUneven`, which keeps the first
 */
export async function dropCopies(
  source: string,
  slices: readonly Slice[],
  options: DecodeOptions & { readonly allowUneven?: boolean },
  warnings: string[],
): Promise<readonly Slice[]> {
  const dropped = new Set<Slice>();
  let conflicts = 0;
  for (const cluster of findClashes(slices)) {
    const pixels: VoxelArray[] = [];
    for await (const { index, values } of decodeSlices(cluster, options)) pixels[index] = values.slice();
    const [kept, ...others] = cluster;
    others.forEach((slice, i) => {
      dropped.add(slice);
      if (!isEqual(pixels[0], pixels[i + 1]) || !isSameScale(kept, slice)) conflicts++;
    });
  }
  const copies = dropped.size - conflicts;
  if (copies > 0)
    warnings.push(`${source}: ${copies} exact ${copies === 1 ? 'copy' : 'copies'} of slices left out`);
  if (conflicts > 0) {
    const what = `${conflicts} ${conflicts === 1 ? 'slice lies' : 'slices lie'} where another one with different pixels does`;
    if (options.allowUneven !== true) {
      throw new ImageFormatError(
        'uneven-slices',
        `${source}: ${what}`,
        'Remove what does not belong to the series. To keep the first of each, set allowUneven.',
      );
    }
    warnings.push(`${source}: ${what}; the first is kept`);
  }
  return slices.filter((slice) => !dropped.has(slice));
}

function isEqual(a: VoxelArray | undefined, b: VoxelArray | undefined): boolean {
  return a !== undefined && b !== undefined && a.length === b.length && a.every((value, i) => value === b[i]);
}

function isSameScale(a: Slice | undefined, b: Slice): boolean {
  const [one, other] = [a?.geometry.transform, b.geometry.transform];
  return one?.slope === other.slope && one.intercept === other.intercept;
}
