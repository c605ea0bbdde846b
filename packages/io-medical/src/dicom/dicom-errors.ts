import { ImageFormatError } from '../errors.js';

/*
 * Messages about DICOM name tags and sizes and never a value: what a tag holds may identify a patient.
 */

/** Something that the file holds and this reader does not read. */
export function unsupportedDicom(source: string, what: string, remedy: string): ImageFormatError {
  return new ImageFormatError('unsupported', `${source}: ${what}, which is not read`, remedy);
}

/** Bytes that contradict DICOM or each other. */
export function damagedDicom(source: string, what: string, cause?: unknown): ImageFormatError {
  return new ImageFormatError(
    'corrupt',
    `${source}: damaged DICOM file, ${what}`,
    'Copy or export the file again; its bytes were changed on the way, or its writer is at fault.',
    cause === undefined ? undefined : { cause },
  );
}

/** A file that ends too early. */
export function truncatedDicom(source: string, what: string): ImageFormatError {
  return new ImageFormatError(
    'truncated',
    `${source}: the DICOM file ends too early, ${what}`,
    'The file was cut off; copy or export it again.',
  );
}
