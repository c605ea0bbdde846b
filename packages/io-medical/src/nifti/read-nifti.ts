import { endsEarly } from '../errors.js';
import { chooseFrame } from '../frames.js';
import { inflateExactly, inflateStart } from '../inflate.js';
import { judgeVoxels } from '../judge-voxels.js';
import { type ReadLimits, resolveLimits } from '../limits.js';
import { lumaOfPixels } from '../luma.js';
import type { ReadOptions } from '../read-options.js';
import { isGzip } from '../sniff.js';
import { missingCompanion, type Source } from '../source/source.js';
import { applyScaling, decodeStored } from '../stored-voxels.js';
import type { Volume, VoxelArray } from '../volume.js';
import { niftiGeometry } from './affine.js';
import { LONGEST_NIFTI_HEADER } from './fields.js';
import { headerPart, type NiftiHeader, parseNiftiHeader } from './header.js';

/**
 * Reads a NIfTI-1 or NIfTI-2 volume, plain or gzipped, in either byte order, from one file or from a header with its
 * `.img` beside it. Of a series, the volume that `options.frame` names. Colour becomes luma, with a warning.
 *
 * The header is checked before room for the voxels is made, and a compressed file is unpacked no further than the
 * header says. Extensions are passed over.
 */
export async function readNifti(file: Source, options: ReadOptions): Promise<Volume> {
  const source = file.name;
  const limits = resolveLimits(options.limits);
  const header = await readHeader(file, limits);
  const frame = chooseFrame(source, header.frames, options.frame);
  const { data, owned } = await voxelBytes(file, header, options.signal);
  const size = data.length / header.frames;
  const stored = decode(header, data.subarray(frame * size, (frame + 1) * size), owned);
  const voxels = applyScaling(stored, header.scaling);
  const judged = judgeVoxels(source, voxels, options);
  const geometry = niftiGeometry(source, header.fields);
  const colour = 'channels' in header.voxels ? [`${source}: a colour volume; its luma is used`] : [];
  return {
    voxels,
    dims: header.dims,
    affine: geometry.affine,
    calibrated: true,
    unit: judged.unit,
    format: 'nifti',
    source,
    assumed: [],
    warnings: [...geometry.warnings, ...colour, ...judged.warnings],
    header: header.bytes,
  };
}

async function readHeader({ name, bytes }: Source, limits: ReadLimits): Promise<NiftiHeader> {
  const start = isGzip(bytes)
    ? await inflateStart(name, bytes, 'gzip', LONGEST_NIFTI_HEADER)
    : headerPart(bytes);
  return parseNiftiHeader(name, start, limits);
}

/** The bytes of all voxels of all frames. */
async function voxelBytes(
  header: Source,
  { isSingleFile, voxelOffset, dims: [nx, ny, nz], bytesPerVoxel, frames }: NiftiHeader,
  signal: AbortSignal | undefined,
): Promise<{ data: Uint8Array; owned: boolean }> {
  const { name, bytes, owned } = isSingleFile ? header : await findImage(header);
  const end = voxelOffset + nx * ny * nz * bytesPerVoxel * frames;
  if (isGzip(bytes)) {
    const whole = await inflateExactly(name, bytes, { format: 'gzip', size: end, signal });
    return { data: whole.subarray(voxelOffset), owned: true };
  }
  if (bytes.length < end) throw endsEarly(name, bytes.length, end);
  return { data: bytes.subarray(voxelOffset, end), owned };
}

/** The `.img` of a pair. */
async function findImage(header: Source): Promise<Source> {
  const stem = header.fileName.replace(/(\.hdr)?(\.gz)?$/i, '');
  for (const ending of ['.img', '.img.gz', '.IMG']) {
    const image = await header.companion(stem + ending);
    if (image !== undefined) return image;
  }
  throw missingCompanion(header.name, 'the header of a NIfTI pair, whose .img file');
}

function decode({ voxels, fields }: NiftiHeader, data: Uint8Array, owned: boolean): VoxelArray {
  if ('channels' in voxels) return lumaOfPixels(data, voxels.channels);
  return decodeStored(data, { type: voxels.type, littleEndian: fields.littleEndian, owned });
}
