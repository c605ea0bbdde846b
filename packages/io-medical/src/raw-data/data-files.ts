import { ImageFormatError } from '../errors.js';
import { missingCompanion, type Source } from '../source/source.js';
import { bytesOf, decodeStored, type StoredLayout } from '../stored-voxels.js';
import type { VoxelArray } from '../volume.js';

/** Data files that one header may name: a slice each of a long series. */
const MAX_DATA_FILES = 65_535;

/** Bytes, and whether they may be kept and changed. */
export interface DataPart {
  readonly bytes: Uint8Array;
  readonly owned: boolean;
}

/** Where a header says that its voxels lie. */
export interface DataPlace {
  /** Where the header itself ends. */
  readonly end: number;
  /** Files beside it, all of them below its folder; without them the data follow the header. */
  readonly dataFiles: readonly string[] | undefined;
}

/**
 * The bytes behind a header, or those of the files that it names.
 *
 * @param count voxels, of which every file holds as many
 * @throws {ImageFormatError} `corrupt` where they cannot, `forbidden-path`, `not-readable`
 */
export async function readDataParts(
  header: Source,
  { end, dataFiles }: DataPlace,
  count: number,
): Promise<readonly DataPart[]> {
  if (dataFiles === undefined) return [{ bytes: header.bytes.subarray(end), owned: header.owned }];
  if (count % dataFiles.length !== 0) {
    throw new ImageFormatError(
      'corrupt',
      `${header.name}: ${dataFiles.length} data files do not share ${count} voxels`,
      'Export the volume again, best as one file.',
    );
  }
  const parts: DataPart[] = [];
  for (const name of dataFiles) {
    // One after the other: a series of slices would open hundreds of files at once.
    const file = await header.companion(name);
    if (file === undefined) throw missingCompanion(header.name, 'a data file that its header names');
    parts.push(file);
  }
  return parts;
}

/**
 * The voxels that parts hold together.
 *
 * @param unpack gives exactly as many bytes of a part as it is told
 */
export async function joinVoxels(
  parts: readonly DataPart[],
  { type, count, littleEndian }: Pick<StoredLayout, 'type' | 'littleEndian'> & { readonly count: number },
  unpack: (part: DataPart, size: number) => Promise<DataPart>,
): Promise<VoxelArray> {
  const size = count * bytesOf(type);
  const unpacked: DataPart[] = [];
  for (const part of parts) unpacked.push(await unpack(part, size / parts.length));
  const { bytes, owned } = joinParts(unpacked, size);
  return decodeStored(bytes, { type, littleEndian, owned });
}

/**
 * Names such as `slice%03d.raw` with the numbers from `first` to `last` put in, as C's printf does.
 *
 * @throws {ImageFormatError} `corrupt` for other patterns and for numbers that lead nowhere
 */
export function numberedNames(
  source: string,
  pattern: string,
  [first = NaN, last = NaN, step = NaN]: readonly number[],
): string[] {
  const count = Math.floor((last - first) / step) + 1;
  const parts = /^([^%]*)%(0?)(\d*)d([^%]*)$/.exec(pattern);
  const width = Number(parts?.[3]);
  if (parts === null || !Number.isInteger(first) || !Number.isInteger(step) || !(width <= 16)) {
    throw unusable(source, 'a pattern of file names that is none');
  }
  if (!(count >= 1 && count <= MAX_DATA_FILES)) throw unusable(source, `${count} data files`);
  const fill = parts[2] === '0' ? '0' : ' ';
  return Array.from(
    { length: count },
    (_, i) => `${parts[1]}${String(first + i * step).padStart(width, fill)}${parts[4]}`,
  );
}

/** The names that follow a header's `LIST`, one a line. */
export function listedNames(source: string, lines: readonly string[]): string[] {
  const names = lines.map((line) => line.trim()).filter((line) => line !== '');
  if (names.length < 1 || names.length > MAX_DATA_FILES) throw unusable(source, `${names.length} data files`);
  return names;
}

/** Joins parts of equal size to the voxels of the whole file. A single part is not copied. */
function joinParts(parts: readonly DataPart[], size: number): DataPart {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first;
  const whole = new Uint8Array(size);
  parts.forEach(({ bytes }, i) => {
    whole.set(bytes, (i * size) / parts.length);
  });
  return { bytes: whole, owned: true };
}

function unusable(source: string, what: string): ImageFormatError {
  return new ImageFormatError(
    'corrupt',
    `${source}: the header names ${what}`,
    'Export the volume again, best as one file.',
  );
}
