import { readImage } from '@infnet/io-medical';

/** What a reader needs to know of an image before segmenting it; no header text, which may name a patient. */
export async function describeImage(file: string): Promise<object> {
  const { voxels, dims, affine, calibrated, unit, format, warnings } = await readImage(file, {
    replaceNonFinite: 0,
  });
  let low = Infinity;
  let high = -Infinity;
  let sum = 0;
  for (const value of voxels) {
    if (value < low) low = value;
    if (value > high) high = value;
    sum += value;
  }
  const at = (row: number, column: number): number => affine[4 * row + column]!;
  const spacing = [0, 1, 2].map((column) => Math.hypot(at(0, column), at(1, column), at(2, column)));
  const rows = [0, 4, 8, 12].map((begin) => affine.slice(begin, begin + 4));
  return {
    file,
    format,
    dims,
    ...(calibrated ? { spacingMm: spacing, affine: rows } : {}),
    type: voxels.constructor.name.replace('Array', '').toLowerCase(),
    unit,
    minimum: low,
    mean: sum / voxels.length,
    maximum: high,
    warnings,
  };
}
