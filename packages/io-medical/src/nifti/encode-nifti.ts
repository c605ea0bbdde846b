import { axisStep, norm } from '../affine.js';
import { checkAffine, checkVoxelCount, type Geometry } from '../geometry.js';
import { littleEndianBytes, type StoredType, storedTypeOf } from '../stored-voxels.js';
import type { Volume, VoxelArray } from '../volume.js';
import { type NiftiFields, niftiVariant, readNiftiFields, writeNiftiFields } from './fields.js';
import { quaternionForm } from './qform.js';

/** NIfTI datatype codes. */
const DATATYPES: Readonly<Partial<Record<StoredType, number>>> = {
  uint8: 2,
  int16: 4,
  int32: 8,
  float32: 16,
  float64: 64,
  int8: 256,
  uint16: 512,
  uint32: 768,
};

/** Largest side that NIfTI-1 can say. */
const MAX_NIFTI_1_SIDE = 32_767;
const MILLIMETRES = 2;
/** Code for coordinates that are not the scanner's but agree with another image. */
const ALIGNED = 2;
const SCANNER = 1;

/**
 * Encodes voxels as a single-file NIfTI in little-endian order: NIfTI-1, or NIfTI-2 where a side is above 32767 or the
 * geometry comes from a NIfTI-2 file, whose double precision would be lost.
 *
 * Where the geometry comes from a NIfTI file, spacing, units, qform and sform are copied bit by bit, so that every reader
 * places the two alike. Otherwise the affine is written as sform, and as qform too where its axes are perpendicular.
 * Extensions of the source, which may hold anything about the patient, are not copied.
 *
 * @param voxels `nx * ny * nz` values in the volume's order
 * @param description up to 79 ASCII characters for the field `descrip`
 */
export function encodeNifti(voxels: VoxelArray, geometry: Geometry, description = ''): Uint8Array {
  checkVoxelCount(voxels, geometry.dims);
  const fields =
    geometry.header === undefined ? newFields(geometry) : copiedFields(geometry.header, geometry.dims);
  const header = writeNiftiFields(
    {
      ...fields,
      datatype: DATATYPES[storedTypeOf(voxels)] ?? 0,
      bitpix: 8 * voxels.BYTES_PER_ELEMENT,
      voxOffset: fields.version === 1 ? 352 : 544,
      slope: 1,
      intercept: 0,
    },
    description,
  );
  const file = new Uint8Array(header.length + voxels.byteLength);
  file.set(header);
  file.set(littleEndianBytes(voxels), header.length);
  return file;
}

/** What the header of the source says about place, with the dimensions cut to those of one volume. */
function copiedFields(header: Uint8Array, dims: Volume['dims']): NiftiFields {
  const variant = niftiVariant(header) ?? { version: 1, littleEndian: true };
  const fields = readNiftiFields(header, variant);
  const rank = Math.max(2, Math.min(3, fields.dim[0] ?? 3));
  return { ...fields, littleEndian: true, dim: [rank, ...dims, 1, 1, 1, 1] };
}

function newFields({ dims, affine, calibrated }: Geometry): NiftiFields {
  checkAffine(affine);
  const code = calibrated ? SCANNER : ALIGNED;
  const form = quaternionForm(affine);
  const spacing = [0, 1, 2].map((axis) => norm(axisStep(affine, axis)));
  return {
    version: dims.some((side) => side > MAX_NIFTI_1_SIDE) ? 2 : 1,
    littleEndian: true,
    dim: [3, ...dims, 1, 1, 1, 1],
    datatype: 0,
    bitpix: 0,
    pixdim: [form?.qfac ?? 1, ...spacing, 0, 0, 0, 0],
    voxOffset: 0,
    slope: 1,
    intercept: 0,
    units: calibrated ? MILLIMETRES : 0,
    qformCode: form === undefined ? 0 : code,
    sformCode: code,
    quaternion: form?.quaternion ?? [0, 0, 0],
    qoffset: [affine[3] ?? 0, affine[7] ?? 0, affine[11] ?? 0],
    sform: affine.slice(0, 12),
  };
}
