import { ImageFormatError } from '../errors.js';
import { listedNames, numberedNames } from '../raw-data/data-files.js';
import type { StoredType } from '../stored-voxels.js';

/** What a MetaImage header says. */
export interface MetaImageHeader {
  /** Keys in lower case. */
  readonly fields: ReadonlyMap<string, string>;
  readonly type: StoredType;
  /** Along x, y, z and further axes. */
  readonly sizes: readonly number[];
  /** Values per voxel, one after the other. */
  readonly channels: number;
  readonly isBinary: boolean;
  readonly isCompressed: boolean;
  /** Bytes of the packed voxels in one file; undefined where the header does not say, or where there are several. */
  readonly compressedSize: number | undefined;
  readonly littleEndian: boolean;
  /** Bytes before the voxels of a data file; -1: the voxels are its last bytes. */
  readonly headerSize: number;
  /** Names of the files that hold the voxels, in order; undefined where they follow the header. */
  readonly dataFiles: readonly string[] | undefined;
  /** Where the header ends. */
  readonly end: number;
}

/** Longer than any header: what is not found before is not there. */
const MAX_HEADER_BYTES = 2 ** 22;
const MAX_AXES = 10;

/** MET_LONG has 32 bits, as in ITK. */
const TYPES: Readonly<Record<string, StoredType>> = {
  MET_CHAR: 'int8',
  MET_UCHAR: 'uint8',
  MET_SHORT: 'int16',
  MET_USHORT: 'uint16',
  MET_INT: 'int32',
  MET_UINT: 'uint32',
  MET_LONG: 'int32',
  MET_ULONG: 'uint32',
  MET_LONG_LONG: 'int64',
  MET_ULONG_LONG: 'uint64',
  MET_FLOAT: 'float32',
  MET_DOUBLE: 'float64',
};

/** Whether the bytes start like a MetaImage header: its first key is one of those that come first. */
export function isMetaImage(bytes: Uint8Array): boolean {
  return /^\s*(ObjectType|ObjectSubType|NDims|Comment)\s*=/.test(
    String.fromCharCode(...bytes.subarray(0, 64)),
  );
}

/**
 * Parses a header. Nothing behind it is looked at.
 *
 * @throws {ImageFormatError} `corrupt`, `truncated`
 */
export function parseMetaImageHeader(source: string, bytes: Uint8Array): MetaImageHeader {
  const { fields, end, dataFiles } = readFields(source, bytes);
  const isTrue = (key: string): boolean => /^(true|t|1|yes|y)$/i.test(fields.get(key) ?? '');
  const channels = Number(fields.get('elementnumberofchannels') ?? 1);
  if (!Number.isInteger(channels) || channels < 1) throw damaged(source, 'it has no channels');
  const headerSize = Number(fields.get('headersize') ?? 0);
  if (!Number.isSafeInteger(headerSize) || headerSize < -1) throw damaged(source, 'its HeaderSize is none');
  const type = TYPES[(fields.get('elementtype') ?? '').replace(/_ARRAY$/, '')];
  if (type === undefined) throw damaged(source, 'its ElementType is missing or none');
  return {
    fields,
    type,
    sizes: axisSizes(source, fields),
    channels,
    isBinary: isTrue('binarydata'),
    isCompressed: isTrue('compresseddata'),
    compressedSize: dataFiles !== undefined && dataFiles.length > 1 ? undefined : packedSize(fields),
    littleEndian: !(isTrue('binarydatabyteordermsb') || isTrue('elementbyteordermsb')),
    headerSize,
    dataFiles,
    end,
  };
}

/** Numbers of a field, or undefined where it is missing or holds something else. */
export function numbersOf(
  fields: ReadonlyMap<string, string>,
  ...keys: readonly string[]
): number[] | undefined {
  const text = keys.map((key) => fields.get(key)).find((value) => value !== undefined);
  const numbers = text?.split(/\s+/).filter(Boolean).map(Number);
  return numbers?.every(Number.isFinite) === true ? numbers : undefined;
}

/** Lines of `Key = Value` up to ElementDataFile, which is the last; a list of files may follow. */
function readFields(
  source: string,
  bytes: Uint8Array,
): Pick<MetaImageHeader, 'fields' | 'end' | 'dataFiles'> {
  const decoder = new TextDecoder();
  const fields = new Map<string, string>();
  const limit = Math.min(bytes.length, MAX_HEADER_BYTES);
  for (let at = 0; at < limit;) {
    const newline = bytes.indexOf(10, at);
    const stop = newline < 0 ? bytes.length : newline;
    if (stop > limit) break;
    const [, key, value = ''] =
      /^\s*([^=]*?)\s*=\s*(.*?)\s*$/.exec(decoder.decode(bytes.subarray(at, stop))) ?? [];
    at = stop + 1;
    if (key === undefined) continue;
    fields.set(key.toLowerCase(), value);
    if (key.toLowerCase() !== 'elementdatafile') continue;
    const following = decoder.decode(bytes.subarray(at, limit)).split('\n');
    return { fields, end: Math.min(at, bytes.length), dataFiles: dataFileNames(source, value, following) };
  }
  if (bytes.length <= MAX_HEADER_BYTES) {
    throw new ImageFormatError(
      'truncated',
      `${source}: the MetaImage header ends before ElementDataFile`,
      'The file was cut off; copy or export it again.',
    );
  }
  throw damaged(source, `it does not end within ${MAX_HEADER_BYTES} bytes`);
}

function packedSize(fields: ReadonlyMap<string, string>): number | undefined {
  const [size = 0] = numbersOf(fields, 'compresseddatasize') ?? [];
  return Number.isSafeInteger(size) && size > 0 ? size : undefined;
}

function dataFileNames(source: string, value: string, following: readonly string[]): string[] | undefined {
  if (/^local$/i.test(value)) return undefined;
  if (/^LIST\b/.test(value)) return listedNames(source, following);
  const parts = value.split(/\s+/);
  const isPattern = (parts[0] ?? '').includes('%') && parts.length === 4;
  return isPattern ? numberedNames(source, parts[0] ?? '', parts.slice(1).map(Number)) : [value];
}

function axisSizes(source: string, fields: ReadonlyMap<string, string>): number[] {
  const sizes = numbersOf(fields, 'dimsize') ?? [];
  const axes = Number(fields.get('ndims'));
  if (!(axes >= 1 && axes <= MAX_AXES) || sizes.length !== axes) {
    throw damaged(source, `it has ${sizes.length} sizes where NDims says otherwise`);
  }
  return sizes;
}

function damaged(source: string, what: string): ImageFormatError {
  return new ImageFormatError(
    'corrupt',
    `${source}: damaged MetaImage header, ${what}`,
    'Copy or export the file again; its bytes were changed on the way.',
  );
}
