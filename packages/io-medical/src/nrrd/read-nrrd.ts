import { endsEarly, ImageFormatError } from '../errors.js';
import { inflateExactly } from '../inflate.js';
import { checkSize, resolveLimits } from '../limits.js';
import { type DataPart, joinVoxels, readDataParts } from '../raw-data/data-files.js';
import { volumeOfArray } from '../raw-data/array-volume.js';
import { parseTextVoxels } from '../raw-data/text-numbers.js';
import type { ReadOptions } from '../read-options.js';
import type { Source } from '../source/source.js';
import { bytesOf } from '../stored-voxels.js';
import type { Volume, VoxelArray } from '../volume.js';
import { nrrdGeometry } from './geometry.js';
import { type NrrdHeader, parseNrrdHeader } from './header.js';

/**
 * Reads an NRRD volume: attached or with data files beside its header; raw, gzip, ascii or hex; any number type and byte
 * order; spaces RAS, LAS and LPS. Of a file with further axes, the volume that `options.frame` names.
 *
 * @throws {ImageFormatError} `corrupt`, `truncated`, `too-large`, `unsupported` (bzip2, blocks), `forbidden-path`
 */
export async function readNrrd(file: Source, options: ReadOptions): Promise<Volume> {
  const source = file.name;
  const header = parseNrrdHeader(source, file.bytes);
  const geometry = nrrdGeometry(source, header);
  checkSize(source, header.sizes, bytesOf(header.type), resolveLimits(options.limits));
  const values = await readValues(file, header, options.signal);
  const endianUnknown =
    header.littleEndian === undefined && bytesOf(header.type) > 1 && header.encoding !== 'ascii';
  const array = {
    ...geometry,
    format: 'nrrd',
    source,
    sizes: header.sizes,
    assumed: endianUnknown ? [...geometry.assumed, 'the byte order is little endian'] : geometry.assumed,
  } as const;
  return volumeOfArray(array, values, options);
}

async function readValues(
  file: Source,
  header: NrrdHeader,
  signal: AbortSignal | undefined,
): Promise<VoxelArray> {
  const { type, sizes, encoding, littleEndian = true } = header;
  const count = sizes.reduce((product, size) => product * size, 1);
  const parts = await readDataParts(file, header, count);
  const behindLines = parts.map((part) => ({
    ...part,
    bytes: skipLines(file.name, part.bytes, header.lineSkip),
  }));
  if (encoding === 'ascii') {
    const texts = behindLines.map(({ bytes }) => skipBytes(file.name, bytes, header.byteSkip, 0));
    return parseTextVoxels(file.name, joinText(texts), count, type);
  }
  return joinVoxels(behindLines, { type, count, littleEndian }, (part, size) =>
    unpack(file.name, part, header, size, signal),
  );
}

/** Exactly the bytes of one data file's voxels. */
async function unpack(
  source: string,
  { bytes, owned }: DataPart,
  { encoding, byteSkip }: NrrdHeader,
  size: number,
  signal: AbortSignal | undefined,
): Promise<DataPart> {
  if (encoding === 'gzip') {
    const skipped = Math.max(0, byteSkip);
    const whole = await inflateExactly(source, bytes, { format: 'gzip', size: size + skipped, signal });
    return { bytes: whole.subarray(skipped), owned: true };
  }
  const data = skipBytes(source, bytes, byteSkip, encoding === 'hex' ? 2 * size : size);
  if (encoding === 'hex') return { bytes: parseHex(source, data, size), owned: true };
  if (data.length < size) throw endsEarly(source, data.length, size);
  return { bytes: data.subarray(0, size), owned };
}

function skipLines(source: string, bytes: Uint8Array, lines: number): Uint8Array {
  let at = 0;
  for (let i = 0; i < lines; i++) {
    const newline = bytes.indexOf(10, at);
    if (newline < 0) throw endsEarly(source, i, lines);
    at = newline + 1;
  }
  return bytes.subarray(at);
}

function skipBytes(source: string, bytes: Uint8Array, skip: number, size: number): Uint8Array {
  const start = skip === -1 ? bytes.length - size : skip;
  if (start < 0 || start > bytes.length) throw endsEarly(source, bytes.length, skip === -1 ? size : skip);
  return bytes.subarray(start);
}

function joinText(texts: readonly Uint8Array[]): Uint8Array {
  const [first] = texts;
  if (texts.length === 1 && first !== undefined) return first;
  const joined = new Uint8Array(texts.reduce((sum, text) => sum + text.length + 1, 0)).fill(10);
  let at = 0;
  for (const text of texts) {
    joined.set(text, at);
    at += text.length + 1;
  }
  return joined;
}

function parseHex(source: string, text: Uint8Array, size: number): Uint8Array {
  if (text.length < 2 * size) throw endsEarly(source, Math.floor(text.length / 2), size);
  const bytes = new Uint8Array(size);
  let digits = 0;
  for (const code of text) {
    if (digits === 2 * size) break;
    if (code <= 32) continue;
    const digit = Number.parseInt(String.fromCharCode(code), 16);
    if (Number.isNaN(digit)) {
      throw new ImageFormatError(
        'corrupt',
        `${source}: its data hold something else than hexadecimal digits`,
        'Copy or export the file again; its bytes were changed on the way.',
      );
    }
    bytes[digits >> 1] = ((bytes[digits >> 1] ?? 0) << 4) | digit;
    digits++;
  }
  if (digits < 2 * size) throw endsEarly(source, digits >> 1, size);
  return bytes;
}
