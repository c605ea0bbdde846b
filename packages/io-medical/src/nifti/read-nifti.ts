import { ImageFormatError } from '../errors.js';
import { inflate } from '../inflate.js';
import type { ReadLimits } from '../limits.js';
import { niftiGeometry } from './affine.js';
import { NIFTI_HEADER_BYTES, type NiftiHeader, parseNiftiHeader } from './header.js';
import { decodeVoxels } from './voxels.js';
import type { ReadOptions } from '../read-options.js';
import { isGzip } from '../sniff.js';
import type { Volume, VoxelArray, VoxelUnit } from '../volume.js';

/** Bytes behind the last voxel that are put up with before a compressed file is taken for a bomb. */
const TRAILING_BYTES = 2 ** 24;

/**
 * Reads a NIfTI-1 volume of 2 or 3 dimensions, plain or gzipped, in either byte order.
 *
 * The header is checked before room for the voxels is made, and a compressed file is unpacked no further than the
 * header says.
 */
export async function readNifti(
  source: string,
  bytes: Uint8Array,
  limits: ReadLimits,
  options: Pick<ReadOptions, 'unit' | 'replaceNonFinite'>,
): Promise<Volume> {
  const { header, data } = isGzip(bytes)
    ? await unpack(source, bytes, limits)
    : plain(source, bytes, parseNiftiHeader(source, bytes, limits));
  const decoded = decodeVoxels(header, data);
  const warnings: string[] = [];
  const range = checkFinite(source, decoded, options.replaceNonFinite, warnings);
  const geometry = niftiGeometry(source, header);
  const unit = options.unit ?? judgeUnit(source, range, warnings);
  return {
    voxels: decoded,
    dims: header.dims,
    affine: geometry.affine,
    calibrated: true,
    unit,
    format: 'nifti',
    source,
    assumed: [],
    warnings: [...geometry.warnings, ...warnings],
    header: header.bytes,
  };
}

function plain(
  source: string,
  bytes: Uint8Array,
  header: NiftiHeader,
): { header: NiftiHeader; data: Uint8Array } {
  const end = header.voxelOffset + voxelBytes(header);
  if (bytes.length < end) throw truncated(source, bytes.length, end);
  return { header, data: bytes.subarray(header.voxelOffset, end) };
}

/** Unpacks the header first, then exactly the bytes it asks for; the rest only to have the checksum verified. */
async function unpack(
  source: string,
  bytes: Uint8Array,
  limits: ReadLimits,
): Promise<{ header: NiftiHeader; data: Uint8Array }> {
  let head: Uint8Array = new Uint8Array(0);
  let whole: Uint8Array | undefined;
  let header: NiftiHeader | undefined;
  let filled = 0;
  for await (const piece of inflate(source, bytes, 'gzip')) {
    let part = piece;
    if (header === undefined) {
      head = join(head, piece);
      if (head.length < NIFTI_HEADER_BYTES) continue;
      header = parseNiftiHeader(source, head, limits);
      part = head;
    }
    whole ??= reserve(source, header, limits);
    const room = whole.subarray(Math.min(filled, whole.length));
    room.set(part.subarray(0, room.length));
    filled += part.length;
    if (filled > whole.length + TRAILING_BYTES) {
      throw new ImageFormatError(
        'corrupt',
        `${source}: unpacks to far more than the ${whole.length} bytes its header asks for`,
        'The file is damaged or not what it seems; export it again from its source.',
      );
    }
  }
  header ??= parseNiftiHeader(source, head, limits);
  whole ??= reserve(source, header, limits);
  if (filled < whole.length) throw truncated(source, filled, whole.length);
  return { header, data: whole.subarray(header.voxelOffset) };
}

function reserve(source: string, header: NiftiHeader, limits: ReadLimits): Uint8Array {
  const size = header.voxelOffset + voxelBytes(header);
  if (size > limits.maxDecodedBytes + TRAILING_BYTES) {
    throw new ImageFormatError(
      'too-large',
      `${source}: the header asks for ${size} bytes`,
      'If that is right, raise limits.maxDecodedBytes; otherwise the header is damaged.',
    );
  }
  return new Uint8Array(size);
}

function voxelBytes({ dims: [nx, ny, nz], bytesPerVoxel }: NiftiHeader): number {
  return nx * ny * nz * bytesPerVoxel;
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}

/** Smallest and largest value. Refuses NaN and infinity, or replaces them in place where asked to. */
function checkFinite(
  source: string,
  voxels: VoxelArray,
  replacement: number | undefined,
  warnings: string[],
): { min: number; max: number } {
  let min = Infinity;
  let max = -Infinity;
  let bad = 0;
  for (let i = 0; i < voxels.length; i++) {
    let value = voxels[i] ?? 0;
    if (!Number.isFinite(value)) {
      bad++;
      if (replacement === undefined) continue;
      value = replacement;
      voxels[i] = value;
    }
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (bad > 0 && replacement === undefined) {
    throw new ImageFormatError(
      'not-finite',
      `${source}: ${bad} of ${voxels.length} voxels are NaN or infinite`,
      'Repair the volume, or pass replaceNonFinite with the value that should stand for them (-1024 is air in HU).',
    );
  }
  if (bad > 0) warnings.push(`${source}: ${bad} NaN or infinite voxels were replaced by ${replacement}`);
  return { min, max };
}

/** CT values reach far below 0 (air is -1000 HU); a volume that does not is no Hounsfield image. */
function judgeUnit(
  source: string,
  { min, max }: { min: number; max: number },
  warnings: string[],
): VoxelUnit {
  if (min === max) warnings.push(`${source}: every voxel has the value ${min}; there is nothing to see`);
  if (min <= -200) {
    if (min < -4096 || max > 32_767) {
      warnings.push(`${source}: values from ${min} to ${max} reach beyond the Hounsfield scale`);
    }
    return 'HU';
  }
  const eightBit = min >= 0 && max <= 255;
  warnings.push(
    `${source}: values from ${min} to ${max} are not Hounsfield units (no air far below 0); taken as grey values` +
      (eightBit ? ' of 8 bits' : ' and stretched to 0..255 from least to largest unless a window is given'),
  );
  return 'grey';
}

function truncated(source: string, present: number, needed: number): ImageFormatError {
  return new ImageFormatError(
    'truncated',
    `${source}: ends after ${present} of ${needed} bytes`,
    'The file was cut off; copy or export it again.',
  );
}
