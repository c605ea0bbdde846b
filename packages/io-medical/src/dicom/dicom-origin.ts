import type { ReadLimits } from '../limits.js';
import type { DicomOrigin, LossyCompression } from '../volume.js';
import { decodeText } from './character-set.js';
import { readLossyCompression } from './lossy-compression.js';
import { parseDicom } from './parse-dicom.js';
import type { Slice } from './slice.js';
import { TAG } from './tags.js';

/** Attributes of the patient, study, series' frame of reference and equipment that derived objects repeat (PS3.3). */
const ORIGIN_TAGS: readonly number[] = [
  TAG.specificCharacterSet,
  0x0008_0020, // study date
  0x0008_0030, // study time
  0x0008_0050, // accession number
  0x0008_0090, // referring physician
  0x0008_1030, // study description
  0x0010_0010, // patient's name
  0x0010_0020, // patient ID
  0x0010_0021, // issuer of patient ID
  0x0010_0030, // birth date
  0x0010_0040, // sex
  0x0010_1010, // age
  0x0010_1020, // size
  0x0010_1030, // weight
  0x0018_5100, // patient position
  TAG.studyInstanceUid,
  TAG.seriesInstanceUid,
  0x0020_0010, // study ID
  0x0020_0011, // series number
  0x0020_0052, // frame of reference UID
  0x0020_1040, // position reference indicator
];

/** What derived objects need to know of the objects that a volume was made from. */
export async function originOf(slices: readonly Slice[], limits: ReadLimits): Promise<DicomOrigin> {
  const elements = new Map<string, { readonly vr: string; readonly value: string }>();
  const [first] = slices;
  if (first !== undefined) {
    const { dataset } = await parseDicom(first.file.label, await first.file.load(), limits);
    const characterSets = dataset.texts(TAG.specificCharacterSet);
    for (const tag of ORIGIN_TAGS) {
      const element = dataset.element(tag);
      if (element === undefined || element.items !== undefined) continue;
      const value = decodeText(dataset.bytes(element), characterSets);
      elements.set(tag.toString(16).padStart(8, '0').toUpperCase(), { vr: element.vr, value });
    }
  }
  const lossy = slices.find(({ header }) => header.isLossy);
  return {
    ...(lossy !== undefined && { lossyCompression: await lossyCompressionOf(lossy, limits) }),
    slices: slices.map(({ header: { sopClassUid, sopInstanceUid }, frame }) => ({
      sopClassUid,
      sopInstanceUid,
      frame: frame + 1,
    })),
    elements,
  };
}

async function lossyCompressionOf({ file, header }: Slice, limits: ReadLimits): Promise<LossyCompression> {
  return readLossyCompression(await parseDicom(file.label, await file.load(), limits), header.format);
}
