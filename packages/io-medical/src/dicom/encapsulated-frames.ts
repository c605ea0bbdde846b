import type { Dataset } from './dataset.js';
import { damagedDicom, truncatedDicom } from './dicom-errors.js';
import type { ByteRange, Element } from './elements.js';
import { TAG } from './tags.js';
import type { Compression } from './transfer-syntax.js';

/**
 * Finds the fragments that belong to each frame of encapsulated pixel data (PS3.5, annex A.4): by the extended offset
 * table, by the basic one, or, without either, by counting fragments and by looking for the start of a codestream.
 *
 * @returns for each frame its stretches of the file, in order
 * @throws {ImageFormatError} `corrupt`, `truncated`
 */
export function encapsulatedFrames(
  dataset: Dataset,
  { fragments = [] }: Element,
  frames: number,
  compression: Compression,
): readonly (readonly ByteRange[])[] {
  const { source } = dataset;
  const [table, ...data] = fragments;
  if (table === undefined || data.length === 0) throw truncatedDicom(source, 'before the first frame');
  if (frames === 1) return [data];
  if (data.length < frames) throw truncatedDicom(source, `after ${data.length} of ${frames} frames`);
  const first = data[0]?.offset ?? 0;
  const listed = frameOffsets(dataset, table).map((offset) => first + offset);
  const found =
    splitAt(data, listed, frames) ??
    (data.length === frames ? data.map((fragment) => [fragment]) : undefined) ??
    splitAt(data, codestreamStarts(dataset, data, compression), frames);
  if (found !== undefined) return found;
  throw damagedDicom(source, `${fragments.length - 1} fragments cannot be told apart into ${frames} frames`);
}

/** Where frames start, counted from the first fragment's data (the tables count from its head, 8 bytes before). */
function frameOffsets(dataset: Dataset, table: ByteRange): readonly number[] {
  const extended = dataset.longs(TAG.extendedOffsetTable);
  if (extended.length > 0) return extended;
  const bytes = dataset.bytes(table);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => view.getUint32(4 * i, true));
}

/** The fragments cut before those that lie at `starts`, or nothing where that does not give the frames. */
function splitAt(
  fragments: readonly ByteRange[],
  starts: readonly number[],
  frames: number,
): readonly (readonly ByteRange[])[] | undefined {
  const indices = new Map(fragments.map(({ offset }, i) => [offset, i]));
  const cuts = starts.map((start) => indices.get(start) ?? -1);
  const isInOrder = cuts.every((cut, i) => (i === 0 ? cut === 0 : cut > (cuts[i - 1] ?? cut)));
  return cuts.length === frames && isInOrder
    ? cuts.map((cut, i) => fragments.slice(cut, cuts[i + 1]))
    : undefined;
}

/** Offsets of the fragments that start like a file of their kind. */
function codestreamStarts(
  dataset: Dataset,
  fragments: readonly ByteRange[],
  compression: Compression,
): readonly number[] {
  const soi = compression === 'jpeg-2000' || compression === 'htj2k' ? 0xff4f : 0xffd8;
  return fragments
    .filter((fragment) => {
      const [high = 0, low = 0] = dataset.bytes(fragment);
      return ((high << 8) | low) === soi;
    })
    .map(({ offset }) => offset);
}
