import { ImageFormatError } from '../errors.js';
import { checkSize, type ReadLimits } from '../limits.js';

/** Bytes of a NIfTI-1 header. */
export const NIFTI_HEADER_BYTES = 348;
/** Where voxels start in a single file without extensions. */
export const NIFTI_VOXEL_OFFSET = 352;

/** Byte offsets of the header fields that are read and written. */
export const NIFTI_FIELD = {
  dim: 40,
  datatype: 70,
  bitpix: 72,
  pixdim: 76,
  voxOffset: 108,
  slope: 112,
  intercept: 116,
  units: 123,
  description: 148,
  qformCode: 252,
  sformCode: 254,
  quaternion: 256,
  qoffset: 268,
  sform: 280,
  magic: 344,
} as const;

/** Bytes per voxel by NIfTI datatype code, for the types that are read. */
const VOXEL_BYTES: Readonly<Record<number, number>> = {
  2: 1,
  4: 2,
  8: 4,
  16: 4,
  64: 8,
  256: 1,
  512: 2,
  768: 4,
  1024: 8,
  1280: 8,
};

/** Names of the types that are not read, for messages. */
const OTHER_TYPES: Readonly<Record<number, string>> = {
  1: '1-bit',
  32: 'complex',
  128: 'RGB',
  1536: '128-bit float',
  1792: 'complex',
  2048: 'complex',
  2304: 'RGBA',
};

/** What a NIfTI-1 header says, checked. */
export interface NiftiHeader {
  readonly littleEndian: boolean;
  readonly dims: readonly [number, number, number];
  /** Number of dimensions that the file declares, 2 and up. */
  readonly rank: number;
  readonly datatype: number;
  readonly bytesPerVoxel: number;
  readonly voxelOffset: number;
  /** Stored values become `slope * stored + intercept`; 1 and 0 where the header leaves them out. */
  readonly slope: number;
  readonly intercept: number;
  /** The 348 bytes as read. */
  readonly bytes: Uint8Array;
}

/**
 * Parses and checks a header against the limits. Nothing beyond the 348 bytes is looked at.
 *
 * @throws {ImageFormatError} `truncated`, `corrupt`, `too-large`; `unsupported` for NIfTI-2, header/image pairs,
 *   ANALYZE, time series and complex or colour voxels
 */
export function parseNiftiHeader(source: string, bytes: Uint8Array, limits: ReadLimits): NiftiHeader {
  if (bytes.length < NIFTI_HEADER_BYTES) {
    throw new ImageFormatError(
      'truncated',
      `${source}: ${bytes.length} bytes are too few for a NIfTI-1 header (${NIFTI_HEADER_BYTES})`,
      'The file was cut off; copy or export it again.',
    );
  }
  const header = bytes.slice(0, NIFTI_HEADER_BYTES);
  const view = new DataView(header.buffer);
  const littleEndian = byteOrder(source, view);
  checkMagic(source, header);
  const { dims, rank } = dimensions(source, view, littleEndian);
  const { datatype, bytesPerVoxel } = voxelType(source, view, littleEndian);
  checkSize(source, dims, bytesPerVoxel, limits);
  const { slope, intercept } = scaling(view, littleEndian);
  const voxelOffset = voxelStart(source, view.getFloat32(NIFTI_FIELD.voxOffset, littleEndian));
  return { littleEndian, dims, rank, datatype, bytesPerVoxel, voxelOffset, slope, intercept, bytes: header };
}

function byteOrder(source: string, view: DataView): boolean {
  for (const littleEndian of [true, false]) {
    const size = view.getInt32(0, littleEndian);
    if (size === NIFTI_HEADER_BYTES) return littleEndian;
    if (size === 540) throw unsupported(source, 'a NIfTI-2 file', 'Convert it to NIfTI-1.');
  }
  throw damaged(source, `the header length is ${view.getInt32(0, true)}, not ${NIFTI_HEADER_BYTES}`);
}

function checkMagic(source: string, header: Uint8Array): void {
  const magic = String.fromCharCode(...header.subarray(NIFTI_FIELD.magic));
  if (magic === 'n+1\0') return;
  if (magic === 'ni1\0') {
    const remedy = 'Convert the pair to a single .nii or .nii.gz file.';
    throw unsupported(source, 'the header of a NIfTI pair (.hdr and .img)', remedy);
  }
  if (magic === '\0\0\0\0') {
    throw unsupported(source, 'an ANALYZE header without NIfTI geometry', 'Convert it to NIfTI-1.');
  }
  throw damaged(source, 'the magic at byte 344 is not n+1');
}

function dimensions(
  source: string,
  view: DataView,
  littleEndian: boolean,
): Pick<NiftiHeader, 'dims' | 'rank'> {
  const dim = Array.from({ length: 8 }, (_, i) => view.getInt16(NIFTI_FIELD.dim + 2 * i, littleEndian));
  const [rank = 0, nx = 0, ny = 0, nz = 0, ...others] = dim;
  if (rank < 1 || rank > 7) throw damaged(source, `it declares ${rank} dimensions`);
  if (rank < 2) throw unsupported(source, 'a NIfTI file of one dimension', 'Give 2 or 3 dimensions.');
  const extra = others.slice(0, Math.max(0, rank - 3));
  if (extra.some((size) => size < 1))
    throw damaged(source, `its size is ${dim.slice(1, rank + 1).join(' x ')}`);
  if (extra.some((size) => size > 1)) {
    const shape = dim.slice(1, rank + 1).join(' x ');
    throw unsupported(source, `a NIfTI series of ${shape} voxels`, 'Split it and give one 3-D volume.');
  }
  return { dims: [nx, ny, rank === 2 ? 1 : nz], rank };
}

function voxelType(
  source: string,
  view: DataView,
  littleEndian: boolean,
): Pick<NiftiHeader, 'datatype' | 'bytesPerVoxel'> {
  const datatype = view.getInt16(NIFTI_FIELD.datatype, littleEndian);
  const bytesPerVoxel = VOXEL_BYTES[datatype];
  if (bytesPerVoxel !== undefined) return { datatype, bytesPerVoxel };
  const name = OTHER_TYPES[datatype];
  if (name === undefined) throw damaged(source, `datatype ${datatype} does not exist`);
  throw unsupported(source, `a NIfTI file of ${name} voxels`, 'Convert it to whole numbers or float.');
}

/** A slope of 0 or NaN means that the values are not scaled, and then the intercept does not count either. */
function scaling(view: DataView, littleEndian: boolean): Pick<NiftiHeader, 'slope' | 'intercept'> {
  const slope = view.getFloat32(NIFTI_FIELD.slope, littleEndian);
  const intercept = view.getFloat32(NIFTI_FIELD.intercept, littleEndian);
  if (!Number.isFinite(slope) || slope === 0) return { slope: 1, intercept: 0 };
  return { slope, intercept: Number.isFinite(intercept) ? intercept : 0 };
}

function voxelStart(source: string, offset: number): number {
  if (offset === 0) return NIFTI_VOXEL_OFFSET;
  if (Number.isFinite(offset) && offset >= NIFTI_VOXEL_OFFSET) return Math.floor(offset);
  throw damaged(source, `the voxels are said to start at byte ${offset}`);
}

function unsupported(source: string, what: string, remedy: string): ImageFormatError {
  return new ImageFormatError('unsupported', `${source}: ${what}, which is not read`, remedy);
}

function damaged(source: string, what: string): ImageFormatError {
  return new ImageFormatError(
    'corrupt',
    `${source}: damaged NIfTI header, ${what}`,
    'Copy or export the file again; its bytes were changed on the way.',
  );
}
