import { hasDicomMagic, looksLikeBareDataset } from './dicom/parse-dicom.js';
import { isZip } from './dicom/zip.js';
import { ImageFormatError } from './errors.js';
import { isJpeg } from './jpeg/header.js';
import { isMetaImage } from './metaimage/header.js';
import { isNrrd } from './nrrd/header.js';
import { isPng } from './png/chunks.js';
import { isTiff } from './tiff/ifd.js';
import type { ImageFormat } from './volume.js';

/** First bytes of other formats that people try, and what to do with them. */
const KNOWN_OTHERS: readonly (readonly [offset: number, magic: string, name: string])[] = [
  [0, 'GIF8', 'a GIF file'],
  [0, 'BM', 'a BMP file'],
  [0, '%PDF', 'a PDF file'],
];

/**
 * Format of a file by its first bytes; its name plays no part. A ZIP archive is taken for one of DICOM files.
 *
 * @throws {ImageFormatError} `empty-file`, or `unknown-format` naming what the file seems to be
 */
export function sniffFormat(source: string, bytes: Uint8Array): ImageFormat {
  if (bytes.length === 0) {
    throw new ImageFormatError(
      'empty-file',
      `${source}: the file is empty`,
      'Copy or export it again; nothing of it arrived.',
    );
  }
  if (hasDicomMagic(bytes) || isZip(bytes)) return 'dicom';
  if (isPng(bytes)) return 'png';
  if (isJpeg(bytes)) return 'jpeg';
  if (isTiff(bytes)) return 'tiff';
  if (isNrrd(bytes)) return 'nrrd';
  if (isMetaImage(bytes)) return 'metaimage';
  if (isGzip(bytes) || startsLikeNifti(bytes)) return 'nifti';
  if (looksLikeBareDataset(bytes)) return 'dicom';
  throw new ImageFormatError(
    'unknown-format',
    `${source}: not an image of a kind that is read, but ${describe(bytes)}`,
    'Give DICOM, NIfTI, NRRD, MetaImage, PNG, JPEG or TIFF, or convert it to one of these. The content counts, not the name.',
  );
}

/** Whether the bytes are compressed with gzip, as .nii.gz files are. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** The header length of NIfTI-1 (or ANALYZE) or NIfTI-2 in either byte order, or the magic at its place. */
function startsLikeNifti(bytes: Uint8Array): boolean {
  if (bytes.length < 4) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isHeaderSize = (size: number): boolean => size === 348 || size === 540;
  return (
    isHeaderSize(view.getInt32(0, true)) ||
    isHeaderSize(view.getInt32(0)) ||
    ['n+1', 'ni1'].includes(text(bytes, 344, 3))
  );
}

function describe(bytes: Uint8Array): string {
  for (const [offset, magic, name] of KNOWN_OTHERS) {
    if (text(bytes, offset, magic.length) === magic) return name;
  }
  const start = bytes.subarray(0, 512);
  const isText = start.every((byte) => byte >= 32 || (byte >= 9 && byte <= 13));
  return isText ? 'a text file' : 'something else';
}

function text(bytes: Uint8Array, offset: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + length));
}
