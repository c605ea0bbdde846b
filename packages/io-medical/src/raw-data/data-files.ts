import { ImageFormatError } from '../errors.js';
import { missingCompanion, type Source } from '../source/source.js';

/** Data files that one header may name: a slice each of a long series. */
const MAX_DATA_FILES = 65_535;

/** Bytes, and whether they may be kept and changed. */
export interface DataPart {
  readonly bytes: Uint8Array;
  readonly owned: boolean;
}

/** Reads the data files that a header names, all of them below the header's folder. */
export async function readDataFiles(header: Source, names: readonly string[]): Promise<DataPart[]> {
  const parts: DataPart[] = [];
  for (const name of names) {
    // One after the other: a series of slices would open hundreds of files at once.
    const file = await header.companion(name);
    if (file === undefined) throw missingCompanion(header.name, 'a data file that its header names');
    parts.push(file);
  }
  return parts;
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
export function joinParts(parts: readonly DataPart[], size: number): DataPart {
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
