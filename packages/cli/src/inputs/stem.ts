import { basename, extname } from 'node:path';

/** Endings of the image files that are read, longest first. DICOM files are told by {@link looksLikeDicom}. */
const ENDINGS = [
  '.nii.gz',
  '.nii',
  '.nrrd',
  '.nhdr',
  '.mha',
  '.mhd',
  '.png',
  '.jpeg',
  '.jpg',
  '.tiff',
  '.tif',
] as const;
/** Endings of DICOM files and archives of them; many have none at all. */
const DICOM_ENDINGS: ReadonlySet<string> = new Set(['.dcm', '.dicom', '.ima', '']);
/** Headers whose voxels lie in another file. */
const DETACHED: ReadonlySet<string> = new Set(['.nhdr', '.mhd', '.hdr', '.img']);

/** Whether the file's name ends like an image that is read; the content decides later. */
export function looksLikeImage(path: string): boolean {
  return endingOf(path) !== undefined;
}

/** Whether the file's name ends like one slice of a DICOM series. */
export function looksLikeDicom(path: string): boolean {
  const name = basename(path);
  const ending = extname(name).toLowerCase();
  // Names are often unique identifiers, whose last number looks like an ending.
  return name !== 'DICOMDIR' && (DICOM_ENDINGS.has(ending) || /^\.\d+$/.test(ending));
}

/** Whether the file holds only a part of the image. */
export function isDetached(path: string): boolean {
  return DETACHED.has(extname(path).toLowerCase());
}

/** Name of a file without folder and image ending: what pairs an image with its mask. */
export function stemOf(path: string): string {
  const name = basename(path);
  const ending = endingOf(name) ?? ['.dcm', '.zip'].find((other) => name.toLowerCase().endsWith(other));
  return ending === undefined ? name : name.slice(0, -ending.length);
}

function endingOf(path: string): string | undefined {
  const lower = path.toLowerCase();
  return ENDINGS.find((ending) => lower.endsWith(ending));
}
