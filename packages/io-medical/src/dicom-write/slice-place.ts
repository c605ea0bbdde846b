import type { Volume } from '../volume.js';

/**
 * Where the centre of a slice's first voxel lies, in millimetres to the patient's left, back and head: DICOM's Image
 * Position (Patient). Slices that lie unevenly are placed by their own positions, not by the mean step of the affine.
 */
export function slicePlace(
  { affine, dims, slicePositions }: Pick<Volume, 'affine' | 'dims' | 'slicePositions'>,
  slice: number,
): [number, number, number] {
  const last = slicePositions?.at(-1) ?? 0;
  const place = slicePositions?.[slice];
  const index = place === undefined || last === 0 ? slice : (place / last) * (dims[2] - 1);
  const at = (row: number, sign: number): number =>
    sign * ((affine[4 * row + 3] ?? 0) + index * (affine[4 * row + 2] ?? 0)) + 0;
  return [at(0, -1), at(1, -1), at(2, 1)];
}
