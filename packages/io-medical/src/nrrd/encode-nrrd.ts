import { axisStep, turnLpsRas } from '../affine.js';
import { checkAffine, checkVoxelCount, type Geometry } from '../geometry.js';
import { deflate } from '../inflate.js';
import { littleEndianBytes, storedTypeOf } from '../stored-voxels.js';
import type { VoxelArray } from '../volume.js';

/** NRRD's names of types that differ from ours. */
const TYPES: Readonly<Record<string, string>> = { float32: 'float', float64: 'double' };

/**
 * Encodes voxels as an NRRD file, gzipped, in the space left-posterior-superior that 3D Slicer and ITK use. The affine is
 * kept to the last bit, sheared or not. Without a known voxel size no space is written.
 *
 * @param voxels `nx * ny * nz` values in the volume's order
 */
export async function encodeNrrd(voxels: VoxelArray, geometry: Geometry): Promise<Uint8Array> {
  checkVoxelCount(voxels, geometry.dims);
  const type = storedTypeOf(voxels);
  const header = [
    'NRRD0004',
    `type: ${TYPES[type] ?? type}`,
    'dimension: 3',
    ...(geometry.calibrated ? spaceFields(geometry) : []),
    `sizes: ${geometry.dims.join(' ')}`,
    'kinds: domain domain domain',
    ...(voxels.BYTES_PER_ELEMENT > 1 ? ['endian: little'] : []),
    'encoding: gzip',
    '',
    '',
  ];
  const head = new TextEncoder().encode(header.join('\n'));
  const data = await deflate(littleEndianBytes(voxels), 'gzip');
  const file = new Uint8Array(head.length + data.length);
  file.set(head);
  file.set(data, head.length);
  return file;
}

function spaceFields({ affine }: Geometry): string[] {
  checkAffine(affine);
  const lps = turnLpsRas(affine);
  const steps = [0, 1, 2].map((axis) => `(${axisStep(lps, axis).join(',')})`);
  return [
    'space: left-posterior-superior',
    `space directions: ${steps.join(' ')}`,
    `space origin: (${axisStep(lps, 3).join(',')})`,
    'space units: "mm" "mm" "mm"',
  ];
}
