import { readGreyImage, type Volume } from '@infnet/io-medical';
import { CliError } from '../errors.js';

/**
 * Pictures of one folder as a volume of grey values: slices from the feet up in the order of their names, the patient's
 * right on the left, as `convert` writes them.
 *
 * @param spacing millimetres along columns, rows and slices; without it the volume is not calibrated
 * @throws CliError `size-mismatch`, and what reading throws
 */
export async function stackSlices(
  folder: string,
  files: readonly string[],
  spacing: readonly [number, number, number] | undefined,
  signal: AbortSignal,
): Promise<Volume> {
  const [first = ''] = files;
  const { width, height } = await readGreyImage(first, { signal });
  const voxels = new Uint8Array(width * height * files.length);
  for (const [index, file] of files.entries()) {
    const slice = await readGreyImage(file, { signal });
    if (slice.width !== width || slice.height !== height) {
      throw new CliError(
        'size-mismatch',
        `${file} has ${slice.width} x ${slice.height} pixels, ${first} has ${width} x ${height}`,
        'give slices of one size',
      );
    }
    voxels.set(slice.data, index * width * height);
  }
  const [sx, sy, sz] = spacing ?? [1, 1, 1];
  return {
    voxels,
    dims: [width, height, files.length],
    affine: [-sx, 0, 0, 0, 0, -sy, 0, 0, 0, 0, sz, 0, 0, 0, 0, 1],
    calibrated: spacing !== undefined,
    unit: 'grey',
    format: 'png',
    source: folder,
    assumed: ['slices from the feet up in the order of their names, seen from the feet'],
    warnings:
      spacing === undefined
        ? [`${folder}: pictures have no voxel size; 1 x 1 x 1 mm is written, see --spacing`]
        : [],
  };
}
