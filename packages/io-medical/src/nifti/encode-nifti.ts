import { axisStep, isInvertible, norm } from '../affine.js';
import { ImageFormatError } from '../errors.js';
import { NIFTI_FIELD, NIFTI_HEADER_BYTES, NIFTI_VOXEL_OFFSET } from './header.js';
import type { Volume } from '../volume.js';

/** Voxels that can be stored: a mask, a CT, a probability. */
export type NiftiVoxels = Uint8Array | Int16Array | Float32Array;

/** Where voxels lie: everything of a volume but its voxels. */
export type Geometry = Pick<Volume, 'dims' | 'affine' | 'calibrated' | 'header'>;

const MILLIMETRES = 2;
/** sform code for coordinates that are not the scanner's but agree with another image. */
const ALIGNED = 2;
const SCANNER = 1;

/**
 * Encodes voxels as a single-file NIfTI-1 in little-endian order.
 *
 * Where the geometry comes from a NIfTI file, dimensions, spacing, units, qform and sform are copied bit by bit, so
 * that every reader places the two alike. Otherwise the affine is written as sform, and the spacing with it.
 *
 * @param voxels `nx * ny * nz` values in the volume's order
 * @param description up to 79 ASCII characters for the field `descrip`
 */
export function encodeNifti(voxels: NiftiVoxels, geometry: Geometry, description = ''): Uint8Array {
  const [nx, ny, nz] = geometry.dims;
  if (voxels.length !== nx * ny * nz) {
    throw new ImageFormatError(
      'size-mismatch',
      `${voxels.length} voxels do not make a volume of ${nx} x ${ny} x ${nz}`,
      'Give one voxel for each of the volume it belongs to.',
    );
  }
  const file = new Uint8Array(NIFTI_VOXEL_OFFSET + voxels.byteLength);
  const view = new DataView(file.buffer);
  view.setInt32(0, NIFTI_HEADER_BYTES, true);
  if (geometry.header === undefined) writeGeometry(view, geometry);
  else copyGeometry(view, geometry.header);
  view.setInt16(NIFTI_FIELD.datatype, datatypeOf(voxels), true);
  view.setInt16(NIFTI_FIELD.bitpix, 8 * voxels.BYTES_PER_ELEMENT, true);
  view.setFloat32(NIFTI_FIELD.voxOffset, NIFTI_VOXEL_OFFSET, true);
  view.setFloat32(NIFTI_FIELD.slope, 1, true);
  file.set(new TextEncoder().encode(description).subarray(0, 79), NIFTI_FIELD.description);
  file.set([0x6e, 0x2b, 0x31, 0], NIFTI_FIELD.magic);
  writeVoxels(view, voxels);
  return file;
}

function datatypeOf(voxels: NiftiVoxels): number {
  if (voxels instanceof Uint8Array) return 2;
  return voxels instanceof Int16Array ? 4 : 16;
}

/** Copies the fields that place the voxels, turning big-endian headers round. */
function copyGeometry(view: DataView, header: Uint8Array): void {
  const from = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const littleEndian = from.getInt32(0, true) === NIFTI_HEADER_BYTES;
  const copy16 = (start: number, count: number): void => {
    for (let at = start; at < start + 2 * count; at += 2) {
      view.setUint16(at, from.getUint16(at, littleEndian), true);
    }
  };
  const copy32 = (start: number, count: number): void => {
    for (let at = start; at < start + 4 * count; at += 4) {
      view.setUint32(at, from.getUint32(at, littleEndian), true);
    }
  };
  copy16(NIFTI_FIELD.dim, 8);
  copy32(NIFTI_FIELD.pixdim, 8);
  view.setUint8(NIFTI_FIELD.units, from.getUint8(NIFTI_FIELD.units));
  copy16(NIFTI_FIELD.qformCode, 2);
  copy32(NIFTI_FIELD.quaternion, 6);
  copy32(NIFTI_FIELD.sform, 12);
}

function writeGeometry(view: DataView, { dims, affine, calibrated }: Geometry): void {
  if (dims.some((side) => side > 32_767)) {
    throw new ImageFormatError(
      'unsupported',
      `a side of ${Math.max(...dims)} voxels does not fit NIfTI-1`,
      'NIfTI-1 holds at most 32767 voxels a side; write PNG, or cut the volume.',
    );
  }
  if (!isInvertible(affine)) {
    throw new ImageFormatError(
      'invalid-option',
      'the affine is no usable matrix',
      'Give 16 finite numbers, row by row, whose axes do not coincide.',
    );
  }
  [3, ...dims, 1, 1, 1, 1].forEach((value, i) => view.setInt16(NIFTI_FIELD.dim + 2 * i, value, true));
  const spacing = [0, 1, 2].map((axis) => norm(axisStep(affine, axis)));
  [1, ...spacing].forEach((value, i) => view.setFloat32(NIFTI_FIELD.pixdim + 4 * i, value, true));
  view.setUint8(NIFTI_FIELD.units, calibrated ? MILLIMETRES : 0);
  view.setInt16(NIFTI_FIELD.sformCode, calibrated ? SCANNER : ALIGNED, true);
  affine.slice(0, 12).forEach((value, i) => view.setFloat32(NIFTI_FIELD.sform + 4 * i, value, true));
}

function writeVoxels(view: DataView, voxels: NiftiVoxels): void {
  const at = (i: number): number => NIFTI_VOXEL_OFFSET + i * voxels.BYTES_PER_ELEMENT;
  if (voxels instanceof Uint8Array) {
    new Uint8Array(view.buffer).set(voxels, NIFTI_VOXEL_OFFSET);
  } else if (voxels instanceof Int16Array) {
    voxels.forEach((value, i) => view.setInt16(at(i), value, true));
  } else {
    voxels.forEach((value, i) => view.setFloat32(at(i), value, true));
  }
}
