import { endsEarly, ImageFormatError } from '../errors.js';
import { inflateExactly } from '../inflate.js';
import { checkSize, resolveLimits } from '../limits.js';
import { volumeOfArray } from '../raw-data/array-volume.js';
import { type DataPart, joinVoxels, readDataParts } from '../raw-data/data-files.js';
import { parseTextVoxels } from '../raw-data/text-numbers.js';
import type { ReadOptions } from '../read-options.js';
import { isGzip } from '../sniff.js';
import type { Source } from '../source/source.js';
import { bytesOf } from '../stored-voxels.js';
import type { Volume, VoxelArray } from '../volume.js';
import { metaImageGeometry } from './geometry.js';
import { type MetaImageHeader, parseMetaImageHeader } from './header.js';

/** What MetaImage calls kinds of examination. */
const MODALITIES: Readonly<Record<string, string>> = { MET_MOD_CT: 'CT', MET_MOD_MR: 'MR', MET_MOD_US: 'US' };

/**
 * Reads a MetaImage volume: `.mha`, or `.mhd` with its data files beside it; plain, zlib or text; any number type and byte
 * order. Of a file with further axes or channels, the volume that `options.frame` names.
 *
 * @throws {ImageFormatError} `corrupt`, `truncated`, `too-large`, `unsupported`, `forbidden-path`
 */
export async function readMetaImage(file: Source, options: ReadOptions): Promise<Volume> {
  const source = file.name;
  const header = parseMetaImageHeader(source, file.bytes);
  const { type, channels } = header;
  const sizes = [channels, ...header.sizes];
  checkSize(source, sizes, bytesOf(type), resolveLimits(options.limits));
  const values = await readValues(file, header, options.signal);
  const isColour = (channels === 3 || channels === 4) && type === 'uint8';
  const array = {
    ...metaImageGeometry(source, header),
    format: 'metaimage',
    source,
    sizes,
    spatialAxes: [1, 2, 3].slice(0, header.sizes.length),
    colourAxis: isColour ? 0 : undefined,
    modality: MODALITIES[header.fields.get('modality') ?? ''],
  } as const;
  return volumeOfArray(array, values, options);
}

async function readValues(
  file: Source,
  header: MetaImageHeader,
  signal: AbortSignal | undefined,
): Promise<VoxelArray> {
  const { type, sizes, channels, littleEndian } = header;
  const count = sizes.reduce((product, size) => product * size, channels);
  const parts = await readDataParts(file, header, count);
  if (!header.isBinary && !header.isCompressed) return readText(file, header, parts, count);
  return joinVoxels(parts, { type, count, littleEndian }, (part, size) =>
    unpack(file.name, part, header, size, signal),
  );
}

function readText(
  file: Source,
  { type }: MetaImageHeader,
  parts: readonly DataPart[],
  count: number,
): VoxelArray {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return parseTextVoxels(file.name, only.bytes, count, type);
  throw new ImageFormatError(
    'unsupported',
    `${file.name}: a MetaImage of several text files, which is not read`,
    'Save it as one binary file.',
  );
}

/** Exactly the bytes of one data file's voxels. */
async function unpack(
  source: string,
  { bytes, owned }: DataPart,
  { isCompressed, compressedSize, headerSize, dataFiles }: MetaImageHeader,
  size: number,
  signal: AbortSignal | undefined,
): Promise<DataPart> {
  const skip = dataFiles === undefined ? Math.max(0, headerSize) : headerSize;
  if (isCompressed) {
    const start = Math.max(0, skip);
    const packed = bytes.subarray(start, compressedSize === undefined ? undefined : start + compressedSize);
    const format = isGzip(packed) ? 'gzip' : 'deflate';
    return { bytes: await inflateExactly(source, packed, { format, size, signal }), owned: true };
  }
  const start = skip === -1 ? bytes.length - size : skip;
  if (start < 0 || bytes.length < start + size)
    throw endsEarly(source, bytes.length, Math.max(0, start) + size);
  return { bytes: bytes.subarray(start, start + size), owned };
}
