import type { VoxelArray } from '../volume.js';
import type { Dataset } from './dataset.js';
import { damagedDicom } from './dicom-errors.js';
import { groupOf, type Sources } from './frame-geometry.js';
import type { PixelFormat } from './pixel-format.js';
import { TAG } from './tags.js';

/** What turns a frame's stored values into what they measure (PS3.3, C.11.1). */
export interface ModalityTransform {
  /** `slope * stored + intercept`; 1 and 0 where the file leaves them out. */
  readonly slope: number;
  readonly intercept: number;
  /** Whether the file gives a slope and an intercept. */
  readonly isGiven: boolean;
  /** What the result is said to be, such as `HU`. */
  readonly type: string | undefined;
  /** A table in place of slope and intercept: `values[stored - first]`, its ends beyond both ends. */
  readonly table?: { readonly first: number; readonly values: VoxelArray };
}

/** Stored values that stand for pixels outside the scanner's field of view. */
export interface PaddingRange {
  readonly low: number;
  readonly high: number;
  /** The value that stands for all of them. */
  readonly value: number;
}

/** The transform of one frame. A slope of 0 would wipe the image out and is taken for a missing one. */
export function readModality(dataset: Dataset, sources: Sources, format: PixelFormat): ModalityTransform {
  const group = groupOf(dataset, sources, TAG.pixelValueTransformationSequence);
  const slope = group.decimal(TAG.rescaleSlope);
  const intercept = group.decimal(TAG.rescaleIntercept);
  const type = group.text(TAG.rescaleType);
  const lut = dataset.item(TAG.modalityLutSequence);
  if (slope === undefined && intercept === undefined && lut !== undefined) {
    return {
      slope: 1,
      intercept: 0,
      isGiven: true,
      type: lut.text(TAG.modalityLutType),
      table: readTable(lut, format),
    };
  }
  return {
    slope: slope === undefined || slope === 0 ? 1 : slope,
    intercept: intercept ?? 0,
    isGiven: slope !== undefined || intercept !== undefined,
    type,
  };
}

function readTable(lut: Dataset, { signed }: PixelFormat): NonNullable<ModalityTransform['table']> {
  const [length = 0, , bits = 16] = lut.words(TAG.lutDescriptor);
  const first = lut.words(TAG.lutDescriptor, { signed })[1] ?? 0;
  const entries = length === 0 ? 65_536 : length;
  const values = tableEntries(lut, TAG.lutData, entries, bits);
  if (values === undefined)
    throw damagedDicom(lut.source, 'its modality LUT is shorter than (0028,3002) says');
  return { first, values };
}

/** Entries of a look-up table, which may be stored in words or, up to 8 bits, in bytes; nothing where they are too few. */
export function tableEntries(
  lut: Dataset,
  tag: number,
  entries: number,
  bits: number,
): VoxelArray | undefined {
  const element = lut.element(tag);
  if (element === undefined) return undefined;
  if (bits <= 8 && element.length >= entries && element.length < 2 * entries) {
    return lut.bytes(element).slice(0, entries);
  }
  return element.length < 2 * entries ? undefined : Uint16Array.from(lut.words(tag).slice(0, entries));
}

/** The padding values of a file, if it has some. */
export function readPadding(dataset: Dataset, { signed, kind }: PixelFormat): PaddingRange | undefined {
  const value = dataset.words(TAG.pixelPaddingValue, { signed })[0];
  if (value === undefined || kind === 'float') return undefined;
  const limit = dataset.words(TAG.pixelPaddingRangeLimit, { signed })[0] ?? value;
  return { low: Math.min(value, limit), high: Math.max(value, limit), value };
}
