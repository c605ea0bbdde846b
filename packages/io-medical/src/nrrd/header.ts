import { ImageFormatError } from '../errors.js';
import { listedNames, numberedNames } from '../raw-data/data-files.js';
import type { StoredType } from '../stored-voxels.js';

/** How the data behind a header are written. */
export type NrrdEncoding = 'raw' | 'gzip' | 'ascii' | 'hex';

/** What an NRRD header says, as far as it concerns the data; see {@link nrrdGeometry} for the rest of it. */
export interface NrrdHeader {
  /** Fields by their names in lower case. */
  readonly fields: ReadonlyMap<string, string>;
  readonly type: StoredType;
  readonly sizes: readonly number[];
  readonly encoding: NrrdEncoding;
  /** Undefined where the header does not say. */
  readonly littleEndian: boolean | undefined;
  readonly lineSkip: number;
  /** -1: the data are the last bytes of their file. */
  readonly byteSkip: number;
  /** Names of the files that hold the data, in order; undefined where they follow the header. */
  readonly dataFiles: readonly string[] | undefined;
  /** Where the header ends. */
  readonly end: number;
}

/** Longer than any header: what is not found before is not there. */
const MAX_HEADER_BYTES = 2 ** 22;
const MAX_AXES = 16;

const TYPES: readonly (readonly [StoredType, readonly string[]])[] = [
  ['int8', ['signed char', 'int8', 'int8_t']],
  ['uint8', ['uchar', 'unsigned char', 'uint8', 'uint8_t']],
  ['int16', ['short', 'short int', 'signed short', 'signed short int', 'int16', 'int16_t']],
  ['uint16', ['ushort', 'unsigned short', 'unsigned short int', 'uint16', 'uint16_t']],
  ['int32', ['int', 'signed int', 'int32', 'int32_t']],
  ['uint32', ['uint', 'unsigned int', 'uint32', 'uint32_t']],
  ['int64', ['longlong', 'long long', 'long long int', 'signed long long', 'int64', 'int64_t']],
  ['int64', ['signed long long int']],
  ['uint64', ['ulonglong', 'unsigned long long', 'unsigned long long int', 'uint64', 'uint64_t']],
  ['float32', ['float']],
  ['float64', ['double']],
];

const ENCODINGS: Readonly<Record<string, NrrdEncoding>> = {
  raw: 'raw',
  txt: 'ascii',
  text: 'ascii',
  ascii: 'ascii',
  hex: 'hex',
  gz: 'gzip',
  gzip: 'gzip',
};

/** Whether the bytes start like an NRRD file. */
export function isNrrd(bytes: Uint8Array): boolean {
  return /^NRRD\d{4}/.test(String.fromCharCode(...bytes.subarray(0, 8)));
}

/**
 * Parses a header. Nothing behind it is looked at.
 *
 * @throws {ImageFormatError} `truncated`, `corrupt`; `unsupported` for bzip2 and for blocks of bytes as voxels
 */
export function parseNrrdHeader(source: string, bytes: Uint8Array): NrrdHeader {
  const { lines, end } = headerLines(source, bytes);
  const fields = new Map<string, string>();
  let dataFiles: readonly string[] | undefined;
  for (let i = 1; i < lines.length; i++) {
    const parts = /^([^:#=]+):(?!=)\s*(.*?)\s*$/.exec(lines[i] ?? '');
    if (parts === null) continue;
    const name = (parts[1] ?? '').trim().toLowerCase();
    const value = parts[2] ?? '';
    fields.set(name, value);
    if (name === 'data file' || name === 'datafile') {
      dataFiles = dataFileNames(source, value, lines.slice(i + 1));
      // A list of files runs to the end of the header, so that no field can follow it.
      if (isList(value)) break;
    }
  }
  return {
    fields,
    type: storedType(source, fields),
    sizes: axisSizes(source, fields),
    encoding: encodingOf(source, fields),
    littleEndian: byteOrder(source, fields.get('endian')),
    lineSkip: skip(source, fields, 'line skip', 'lineskip', 0),
    byteSkip: skip(source, fields, 'byte skip', 'byteskip', -1),
    dataFiles,
    end,
  };
}

/** The header's lines, up to the blank one that ends it or, in a file of its own, to the end. */
function headerLines(source: string, bytes: Uint8Array): { lines: string[]; end: number } {
  const lines: string[] = [];
  const limit = Math.min(bytes.length, MAX_HEADER_BYTES);
  const decoder = new TextDecoder();
  for (let at = 0; at < limit;) {
    const newline = bytes.indexOf(10, at);
    const stop = newline < 0 ? bytes.length : newline;
    if (stop > limit) break;
    const line = decoder.decode(bytes.subarray(at, stop)).replace(/\r$/, '');
    at = stop + 1;
    if (line === '') return { lines, end: at };
    lines.push(line);
    if (newline < 0) return { lines, end: bytes.length };
  }
  if (bytes.length > MAX_HEADER_BYTES)
    throw damaged(source, `it does not end within ${MAX_HEADER_BYTES} bytes`);
  return { lines, end: bytes.length };
}

function isList(dataFile: string): boolean {
  return /^LIST\b/.test(dataFile);
}

function dataFileNames(source: string, value: string, following: readonly string[]): string[] {
  if (isList(value)) return listedNames(source, following);
  const parts = value.split(/\s+/);
  const isPattern = (parts[0] ?? '').includes('%') && parts.length >= 4;
  return isPattern ? numberedNames(source, parts[0] ?? '', parts.slice(1, 4).map(Number)) : [value];
}

function storedType(source: string, fields: ReadonlyMap<string, string>): StoredType {
  const name = (fields.get('type') ?? '').toLowerCase();
  const found = TYPES.find(([, names]) => names.includes(name));
  if (found !== undefined) return found[0];
  if (name === 'block') {
    throw new ImageFormatError(
      'unsupported',
      `${source}: an NRRD file of blocks of bytes, which is not read`,
      'Convert it to whole numbers or float.',
    );
  }
  throw damaged(source, 'its type is missing or none');
}

function axisSizes(source: string, fields: ReadonlyMap<string, string>): number[] {
  const dimension = Number(fields.get('dimension'));
  if (!(dimension >= 1 && dimension <= MAX_AXES)) throw damaged(source, 'its dimension is missing or none');
  const sizes = words(fields.get('sizes')).map(Number);
  if (sizes.length !== dimension) throw damaged(source, `it has ${dimension} axes and ${sizes.length} sizes`);
  return sizes;
}

function encodingOf(source: string, fields: ReadonlyMap<string, string>): NrrdEncoding {
  const name = (fields.get('encoding') ?? '').toLowerCase();
  const encoding = Object.hasOwn(ENCODINGS, name) ? ENCODINGS[name] : undefined;
  if (encoding !== undefined) return encoding;
  if (name === 'bz2' || name === 'bzip2') {
    throw new ImageFormatError(
      'unsupported',
      `${source}: an NRRD file packed with bzip2, which is not read`,
      'Save it with gzip, or raw.',
    );
  }
  throw damaged(source, 'its encoding is missing or none');
}

function byteOrder(source: string, endian: string | undefined): boolean | undefined {
  if (endian === undefined) return undefined;
  if (/^(little|big)$/i.test(endian)) return endian.toLowerCase() === 'little';
  throw damaged(source, 'its byte order is neither little nor big');
}

function skip(
  source: string,
  fields: ReadonlyMap<string, string>,
  name: string,
  other: string,
  least: number,
): number {
  const value = Number(fields.get(name) ?? fields.get(other) ?? 0);
  if (!Number.isSafeInteger(value) || value < least)
    throw damaged(source, `its ${name} is no number of them`);
  return value;
}

/** The parts of a value between spaces. */
export function words(value: string | undefined): string[] {
  return (value ?? '').split(/\s+/).filter((word) => word !== '');
}

function damaged(source: string, what: string): ImageFormatError {
  return new ImageFormatError(
    'corrupt',
    `${source}: damaged NRRD header, ${what}`,
    'Copy or export the file again; its bytes were changed on the way.',
  );
}
