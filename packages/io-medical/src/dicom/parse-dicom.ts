import type { ReadLimits } from '../limits.js';
import { inflateRaw } from './inflate-raw.js';
import { Dataset } from './dataset.js';
import { looksExplicit, parseContext, parseElements, tagAt } from './elements.js';
import { TAG } from './tags.js';
import {
  EXPLICIT_LITTLE_ENDIAN,
  IMPLICIT_LITTLE_ENDIAN,
  transferSyntax,
  type TransferSyntax,
} from './transfer-syntax.js';

/** A DICOM file whose elements are found, but not interpreted. */
export interface DicomFile {
  readonly dataset: Dataset;
  readonly syntax: TransferSyntax;
  /** False where the syntax had to be guessed, because the file does not name one. */
  readonly namesSyntax: boolean;
}

const MAGIC_OFFSET = 128;
const DATASET_START = 0x0003_0000;

/** Whether `DICM` stands where files have it. */
export function hasDicomMagic(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(MAGIC_OFFSET, MAGIC_OFFSET + 4)) === 'DICM';
}

/**
 * Whether bytes without the magic look like a DICOM data set all the same, as old and network software writes it: the
 * first element is of group 2 or 8 and of plausible length, and a second one follows.
 */
export function looksLikeBareDataset(bytes: Uint8Array): boolean {
  if (bytes.length < 16) return false;
  const context = parseContext('', bytes);
  const tag = tagAt(context, 0, true);
  const group = Math.floor(tag / 0x1_0000);
  if ((group !== 2 && group !== 8) || tag % 0x1_0000 > 0x0100) return false;
  const explicit = looksExplicit(context, 0);
  if (group === 2 && !explicit) return false;
  const length = explicit ? context.view.getUint16(6, true) : context.view.getUint32(4, true);
  const next = tagAt(context, 8 + length, true);
  return length < 1024 && length % 2 === 0 && (next === 0 || (next > tag && next < 0x0030_0000));
}

/**
 * Finds the elements of a DICOM file, up to and with its pixel data. No pixel is decoded.
 *
 * @param options `isHead`: `bytes` are the start of a file only, of which no pixel will be asked for
 * @throws {ImageFormatError} `truncated`, `corrupt`, `unsupported`, `too-large`
 */
export async function parseDicom(
  source: string,
  bytes: Uint8Array,
  limits: ReadLimits,
  { isHead = false }: { readonly isHead?: boolean } = {},
): Promise<DicomFile> {
  const start = hasDicomMagic(bytes) ? MAGIC_OFFSET + 4 : 0;
  const context = parseContext(source, bytes, isHead);
  const meta = parseElements(context, start, bytes.length, EXPLICIT_LITTLE_ENDIAN, {
    isEnd: (tag) => tag >= DATASET_START || tag < 0x0002_0000,
  });
  const uid = new Dataset(context, meta.map).text(TAG.transferSyntaxUid);
  const syntax =
    uid === undefined
      ? looksExplicit(context, meta.end)
        ? EXPLICIT_LITTLE_ENDIAN
        : IMPLICIT_LITTLE_ENDIAN
      : transferSyntax(source, uid);
  if (!syntax.deflated) {
    const { map } = parseElements(context, meta.end, bytes.length, syntax);
    return { dataset: new Dataset(context, map), syntax, namesSyntax: uid !== undefined };
  }
  const unpacked = parseContext(source, await inflateRaw(source, bytes.subarray(meta.end), limits));
  const { map } = parseElements(unpacked, 0, unpacked.bytes.length, syntax);
  return { dataset: new Dataset(unpacked, map), syntax, namesSyntax: true };
}
