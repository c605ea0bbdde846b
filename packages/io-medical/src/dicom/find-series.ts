import { ImageFormatError } from '../errors.js';
import type { ReadLimits } from '../limits.js';
import { groupSlices } from './group-slices.js';
import { hasDicomMagic, looksLikeBareDataset, parseDicom } from './parse-dicom.js';
import { isSegmentation, readImageHeader } from './image-header.js';
import { readAhead } from './read-ahead.js';
import { splitPhases } from './resolve-clashes.js';
import { type SeriesFile, type Slice, slicesOf } from './slice.js';
import { TAG } from './tags.js';

/** A file that is no part of any volume, and why. */
export interface SkippedFile {
  /** Its name within the folder or archive. It may name a patient: for the person who looks for it, not for logs. */
  readonly name: string;
  /** Why, without anything that the file says of a patient. */
  readonly reason: string;
  /** Whether it may be a slice that is missing now, because it is damaged or of a kind that is not read. */
  readonly isLoss: boolean;
}

/** Slices that make one volume, and what the rest was. */
export interface FoundSeries {
  readonly groups: readonly (readonly Slice[])[];
  readonly skipped: readonly SkippedFile[];
}

/** Starts of files that are read while one is looked at. */
const HEADS_AHEAD = 8;

/**
 * Reads the headers of files and sorts their slices into volumes. Localizers, reports, directories and files that are
 * no DICOM are skipped; localizers only where there is something else.
 */
export async function findSeries(
  files: readonly SeriesFile[],
  limits: ReadLimits,
  onFile: (done: number) => void,
): Promise<FoundSeries> {
  const skipped: SkippedFile[] = [];
  const slices: Slice[] = [];
  const localizers: Slice[] = [];
  let done = 0;
  const heads = readAhead(files, async (file) => ({ file, head: await file.loadHead?.() }), HEADS_AHEAD);
  for await (const { file, head } of heads) {
    try {
      const found = await readSlices(file, head, limits);
      if (typeof found === 'string') skipped.push({ name: file.name, reason: found, isLoss: false });
      else (found[0]?.header.isLocalizer === true ? localizers : slices).push(...found);
    } catch (error) {
      if (!(error instanceof ImageFormatError) || files.length === 1) throw error;
      const isLoss = error.code !== 'no-image';
      const reason =
        error.code === 'no-image' ? 'a DICOM object without pixels' : `cannot be read (${error.code})`;
      skipped.push({ name: file.name, reason, isLoss });
    }
    onFile(++done);
  }
  if (slices.length === 0) return { groups: toGroups(localizers), skipped };
  for (const { file } of localizers) {
    skipped.push({ name: file.name, reason: 'a localizer, not a slice', isLoss: false });
  }
  return { groups: toGroups(slices), skipped };
}

/** The slices of a file, or why there are none. The start of the file is enough for most. */
async function readSlices(
  file: SeriesFile,
  head: Uint8Array | undefined,
  limits: ReadLimits,
): Promise<readonly Slice[] | string> {
  if (head !== undefined && head.length > 0) {
    try {
      return await slicesIn(file, head, limits, { isHead: true });
    } catch (error) {
      if (!(error instanceof ImageFormatError)) throw error;
    }
  }
  return slicesIn(file, await file.load(), limits, { isHead: false });
}

async function slicesIn(
  file: SeriesFile,
  bytes: Uint8Array,
  limits: ReadLimits,
  options: { readonly isHead: boolean },
): Promise<readonly Slice[] | string> {
  if (!hasDicomMagic(bytes) && !looksLikeBareDataset(bytes)) return 'not a DICOM file';
  const dicom = await parseDicom(file.label, bytes, limits, options);
  if (dicom.dataset.has(TAG.directoryRecordSequence)) return 'a directory, which is not followed';
  return slicesOf(file, readImageHeader(dicom, limits));
}

function toGroups(slices: readonly Slice[]): readonly (readonly Slice[])[] {
  return groupSlices(slices).flatMap((group) => {
    const [first] = group;
    return first !== undefined && isSegmentation(first.header) ? [group] : splitPhases(group);
  });
}
