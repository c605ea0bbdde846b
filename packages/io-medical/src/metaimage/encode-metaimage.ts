import { axisStep, norm, turnLpsRas } from '../affine.js';
import { checkAffine, checkVoxelCount, type Geometry } from '../geometry.js';
import { deflate } from '../inflate.js';
import { littleEndianBytes, type StoredType, storedTypeOf } from '../stored-voxels.js';
import type { VoxelArray } from '../volume.js';

const TYPES: Readonly<Record<StoredType, string>> = {
  int8: 'MET_CHAR',
  uint8: 'MET_UCHAR',
  int16: 'MET_SHORT',
  uint16: 'MET_USHORT',
  int32: 'MET_INT',
  uint32: 'MET_UINT',
  int64: 'MET_LONG_LONG',
  uint64: 'MET_ULONG_LONG',
  float32: 'MET_FLOAT',
  float64: 'MET_DOUBLE',
};

/**
 * Encodes voxels as one MetaImage file (`.mha`), packed with zlib, in ITK's axes. Directions and spacing are written
 * apart, as the format wants it, sheared or not.
 *
 * @param voxels `nx * ny * nz` values in the volume's order
 */
export async function encodeMetaImage(voxels: VoxelArray, geometry: Geometry): Promise<Uint8Array> {
  checkVoxelCount(voxels, geometry.dims);
  checkAffine(geometry.affine);
  const data = await deflate(littleEndianBytes(voxels), 'deflate');
  const header = [
    'ObjectType = Image',
    'NDims = 3',
    'BinaryData = True',
    'BinaryDataByteOrderMSB = False',
    'CompressedData = True',
    `CompressedDataSize = ${data.length}`,
    ...placeFields(geometry),
    `DimSize = ${geometry.dims.join(' ')}`,
    `ElementType = ${TYPES[storedTypeOf(voxels)]}`,
    'ElementDataFile = LOCAL',
    '',
  ];
  const head = new TextEncoder().encode(header.join('\n'));
  const file = new Uint8Array(head.length + data.length);
  file.set(head);
  file.set(data, head.length);
  return file;
}

function placeFields({ affine, calibrated }: Geometry): string[] {
  const lps = turnLpsRas(affine);
  const steps = [0, 1, 2].map((axis) => axisStep(lps, axis));
  const matrix = steps.flatMap((step) => step.map((value) => value / norm(step)));
  return [
    `TransformMatrix = ${matrix.join(' ')}`,
    `Offset = ${axisStep(lps, 3).join(' ')}`,
    'CenterOfRotation = 0 0 0',
    ...(calibrated ? [`ElementSpacing = ${steps.map(norm).join(' ')}`] : []),
  ];
}
