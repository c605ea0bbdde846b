import { ImageFormatError } from '../errors.js';
import { checkSize, type ReadLimits } from '../limits.js';
import { bytesOf, type Scaling, type StoredType } from '../stored-voxels.js';
import {
  LONGEST_NIFTI_HEADER,
  niftiHeaderBytes,
  type NiftiFields,
  niftiMagic,
  niftiVariant,
  readNiftiFields,
} from './fields.js';

/** Number types by NIfTI datatype code. */
const STORED_TYPES: Readonly<Record<number, StoredType>> = {
  2: 'uint8',
  4: 'int16',
  8: 'int32',
  16: 'float32',
  64: 'float64',
  256: 'int8',
  512: 'uint16',
  768: 'uint32',
  1024: 'int64',
  1280: 'uint64',
};

/** Bytes per pixel of the colour types. */
const COLOURS: Readonly<Record<number, 3 | 4>> = { 128: 3, 2304: 4 };

/** Names of the types that are not read, for messages. */
const OTHER_TYPES: Readonly<Record<number, string>> = {
  1: '1-bit',
  32: 'complex',
  1536: '128-bit float',
  1792: 'complex',
  2048: 'complex',
};

/** What a NIfTI header says, checked. */
export interface NiftiHeader {
  readonly fields: NiftiFields;
  /** Whether the voxels follow in the same file; else they are in the .img beside it. */
  readonly isSingleFile: boolean;
  readonly dims: readonly [number, number, number];
  /** How many volumes the file holds: the product of dimensions four to seven. */
  readonly frames: number;
  readonly voxels: { readonly type: StoredType } | { readonly channels: 3 | 4 };
  readonly bytesPerVoxel: number;
  /** Where voxels start in their file. */
  readonly voxelOffset: number;
  /** Stored values become `slope * stored + intercept`; 1 and 0 where the header leaves them out. */
  readonly scaling: Scaling;
  /** The 348 or 540 bytes as read. */
  readonly bytes: Uint8Array;
}

/**
 * Parses and checks a NIfTI-1 or NIfTI-2 header against the limits. Nothing behind it is looked at.
 *
 * @throws {ImageFormatError} `truncated`, `corrupt`, `too-large`; `unsupported` for ANALYZE and for complex, 1-bit and
 *   128-bit voxels
 */
export function parseNiftiHeader(source: string, bytes: Uint8Array, limits: ReadLimits): NiftiHeader {
  const variant = niftiVariant(bytes);
  const needed = niftiHeaderBytes(variant?.version ?? 1);
  if (bytes.length < needed) {
    throw new ImageFormatError(
      'truncated',
      `${source}: ${bytes.length} bytes are too few for a NIfTI header (${needed})`,
      'The file was cut off; copy or export it again.',
    );
  }
  if (variant === undefined) throw damaged(source, 'the header length is neither 348 nor 540');
  const header = bytes.slice(0, needed);
  const isSingleFile = isSingle(source, header, variant.version);
  const fields = readNiftiFields(header, variant);
  const { dims, frames } = dimensions(source, fields);
  const voxels = voxelType(source, fields.datatype);
  const bytesPerVoxel = 'type' in voxels ? bytesOf(voxels.type) : voxels.channels;
  checkSize(source, dims, bytesPerVoxel * frames, limits);
  const voxelOffset = voxelStart(source, fields, isSingleFile);
  if (voxelOffset > limits.maxFileBytes)
    throw damaged(source, 'the voxels are said to start beyond any file');
  const scaling = scalingOf(fields);
  return { fields, isSingleFile, dims, frames, voxels, bytesPerVoxel, voxelOffset, scaling, bytes: header };
}

/** Bytes that a header can be parsed from: as many as there are, up to the longest. */
export function headerPart(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, LONGEST_NIFTI_HEADER);
}

function isSingle(source: string, header: Uint8Array, version: 1 | 2): boolean {
  const magic = niftiMagic(header, version);
  const end = version === 1 ? '\0' : '\0\r\n\u001a\n';
  if (magic === `n+${version}${end}`) return true;
  if (magic === `ni${version}${end}`) return false;
  if (version === 1 && magic === '\0\0\0\0') {
    throw unsupported(source, 'an ANALYZE header without NIfTI geometry', 'Convert it to NIfTI-1.');
  }
  throw damaged(source, `the magic is neither n+${version} nor ni${version}`);
}

function dimensions(source: string, { dim }: NiftiFields): Pick<NiftiHeader, 'dims' | 'frames'> {
  const [rank = 0] = dim;
  if (rank < 1 || rank > 7) throw damaged(source, `it declares ${rank} dimensions`);
  const sizes = Array.from({ length: 7 }, (_, i) => (i < rank ? (dim[i + 1] ?? 0) : 1));
  if (sizes.some((size) => size < 1))
    throw damaged(source, `its size is ${sizes.slice(0, rank).join(' x ')}`);
  const [nx = 0, ny = 0, nz = 0, ...others] = sizes;
  return { dims: [nx, ny, nz], frames: others.reduce((product, size) => product * size, 1) };
}

function voxelType(source: string, datatype: number): NiftiHeader['voxels'] {
  const type = STORED_TYPES[datatype];
  if (type !== undefined) return { type };
  const channels = COLOURS[datatype];
  if (channels !== undefined) return { channels };
  const name = OTHER_TYPES[datatype];
  if (name === undefined) throw damaged(source, `datatype ${datatype} does not exist`);
  throw unsupported(source, `a NIfTI file of ${name} voxels`, 'Convert it to whole numbers or float.');
}

/** A slope of 0 or NaN means that the values are not scaled, and then the intercept does not count either. */
function scalingOf({ slope, intercept }: NiftiFields): Scaling {
  if (!Number.isFinite(slope) || slope === 0) return { slope: 1, intercept: 0 };
  return { slope, intercept: Number.isFinite(intercept) ? intercept : 0 };
}

function voxelStart(source: string, { version, voxOffset }: NiftiFields, isSingleFile: boolean): number {
  const least = isSingleFile ? niftiHeaderBytes(version) + 4 : 0;
  if (voxOffset === 0) return least;
  if (Number.isFinite(voxOffset) && voxOffset >= least) return Math.floor(voxOffset);
  throw damaged(source, `the voxels are said to start at byte ${voxOffset}`);
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
