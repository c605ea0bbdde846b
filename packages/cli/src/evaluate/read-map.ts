import { readImage } from '@infnet/io-medical';
import { CliError } from '../errors.js';

/** A grey map in the arrays that the metrics take. */
export interface GreyMap {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint16Array;
}

/**
 * Reads a map or a mask at full depth (8 or 16 bit).
 *
 * @throws ImageFormatError for files that cannot be read; CliError `volume-given` for NIfTI
 */
export async function readMap(path: string): Promise<GreyMap> {
  const { voxels, dims, format } = await readImage(path);
  if (format === 'nifti' || !(voxels instanceof Uint8Array || voxels instanceof Uint16Array)) {
    throw new CliError(
      'volume-given',
      `${path}: evaluate reads PNG and JPEG maps, not ${format} volumes`,
      'export the slices as PNG, or compare volumes with evaluateMask of @infnet/metrics',
    );
  }
  return { width: dims[0], height: dims[1], data: voxels };
}
