import { damagedDicom, truncatedDicom, unsupportedDicom } from '../dicom-errors.js';
import type { Codestream } from './codestream.js';
import { EntropyReader } from './entropy-reader.js';
import type { DecodedFrame } from './wasm-codecs.js';

/** Lengths and values of all codes of a Huffman table by the 16 bits that start with one: `length << 8 | value`. */
type HuffmanTable = Uint16Array;

interface Scan {
  /** Place of each component within a pixel, and its table. */
  readonly components: readonly { readonly place: number; readonly table: HuffmanTable }[];
  readonly predictor: number;
  readonly pointTransform: number;
  readonly restartInterval: number;
  readonly start: number;
}

const SOF_LOSSLESS = 0xffc3;
const DHT = 0xffc4;
const SOS = 0xffda;
const EOI = 0xffd9;
const DRI = 0xffdd;
const RST0 = 0xd0;
const RST7 = 0xd7;

/**
 * Decodes a frame of lossless JPEG with Huffman codes (ITU-T T.81, annex H; process 14): all predictors, point
 * transform, restart intervals, components interleaved or one after the other.
 *
 * @param header what the frame says of itself; its size was checked by the caller
 * @throws {ImageFormatError} `truncated`, `corrupt`; `unsupported` for lossy processes and subsampled colour
 */
export function decodeJpegLossless(source: string, bytes: Uint8Array, header: Codestream): DecodedFrame {
  const { width, height, components, precision } = header;
  const samples =
    precision > 8
      ? new Uint16Array(width * height * components)
      : new Uint8Array(width * height * components);
  const seen = new Set<number>();
  for (const scan of scansOf(source, bytes)) {
    for (const { place } of scan.components) seen.add(place);
    decodeScan(source, new EntropyReader(bytes, scan.start), scan, header, samples);
    if (seen.size === components) return { data: new Uint8Array(samples.buffer), bits: precision };
  }
  throw truncatedDicom(source, `after ${seen.size} of ${components} components of a frame`);
}

/**
 * Walks the segments up to each scan, collecting tables on the way.
 *
 * @yields scans, in order
 */
function* scansOf(source: string, bytes: Uint8Array): Generator<Scan, void, void> {
  const word = (at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  const tables = new Map<number, HuffmanTable>();
  let ids: readonly number[] = [];
  let restartInterval = 0;
  for (let at = 2; at + 4 <= bytes.length && word(at) !== EOI;) {
    const marker = word(at);
    const length = word(at + 2);
    if (marker < 0xff00) {
      at++;
      continue;
    }
    const body = bytes.subarray(at + 4, at + 2 + length);
    at += 2 + Math.max(2, length);
    if (marker === DHT) readTables(source, body, tables);
    else if (marker === DRI) restartInterval = ((body[0] ?? 0) << 8) | (body[1] ?? 0);
    else if (marker === SOF_LOSSLESS) ids = componentIds(source, body);
    else if (marker >= 0xffc0 && marker <= 0xffcf) {
      throw unsupportedDicom(
        source,
        'a JPEG frame that is not lossless under a lossless syntax',
        'Export it again.',
      );
    } else if (marker === SOS) {
      yield readScan(source, body, { ids, tables, restartInterval, start: at });
      // On to the segment behind the scan: a marker that is no stuffed zero and no restart.
      while (at + 1 < bytes.length && !isSegment(word(at))) at++;
    }
  }
}

function isSegment(word: number): boolean {
  return word > 0xff00 && (word < 0xff00 + RST0 || word > 0xff00 + RST7) && word !== 0xffff;
}

function componentIds(source: string, body: Uint8Array): readonly number[] {
  const ids = Array.from({ length: body[5] ?? 0 }, (_, i) => body[6 + 3 * i] ?? 0);
  if (ids.some((_, i) => body[7 + 3 * i] !== 0x11)) {
    throw unsupportedDicom(source, 'a lossless JPEG frame with subsampled colour', 'Export it uncompressed.');
  }
  return ids;
}

function readScan(
  source: string,
  body: Uint8Array,
  {
    ids,
    tables,
    restartInterval,
    start,
  }: {
    readonly ids: readonly number[];
    readonly tables: ReadonlyMap<number, HuffmanTable>;
    readonly restartInterval: number;
    readonly start: number;
  },
): Scan {
  const count = body[0] ?? 0;
  const components = Array.from({ length: count }, (_, i) => {
    const table = tables.get((body[2 + 2 * i] ?? 0) >> 4);
    const place = ids.indexOf(body[1 + 2 * i] ?? -1);
    if (table === undefined || place < 0)
      throw damagedDicom(source, 'a JPEG scan without its table or component');
    return { place, table };
  });
  const predictor = body[1 + 2 * count] ?? 0;
  const pointTransform = (body[3 + 2 * count] ?? 0) & 15;
  if (count === 0 || predictor < 1 || predictor > 7)
    throw damagedDicom(source, 'a JPEG scan without a predictor');
  return { components, predictor, pointTransform, restartInterval, start };
}

function readTables(source: string, body: Uint8Array, tables: Map<number, HuffmanTable>): void {
  for (let at = 0; at + 17 <= body.length;) {
    const id = (body[at] ?? 0) & 15;
    const table = new Uint16Array(65_536);
    let value = at + 17;
    let filled = 0;
    for (let length = 1; length <= 16; length++) {
      for (let n = body[at + length] ?? 0; n > 0; n--) {
        const end = filled + (65_536 >> length);
        if (end > 65_536 || value >= body.length)
          throw damagedDicom(source, 'a Huffman table with too many codes');
        table.fill((length << 8) | (body[value++] ?? 0), filled, end);
        filled = end;
      }
    }
    tables.set(id, table);
    at = value;
  }
}

function decodeScan(
  source: string,
  reader: EntropyReader,
  { components, predictor, pointTransform, restartInterval }: Scan,
  { width, height, components: step, precision }: Codestream,
  samples: Uint8Array | Uint16Array,
): void {
  const start = 1 << (precision - pointTransform - 1);
  const rowStep = width * step;
  let left = restartInterval;
  // Row and column from which on neighbours count; a restart makes the rows above it strangers.
  let firstRow = 0;
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel += step) {
      if (restartInterval > 0 && left-- === 0) {
        if (!reader.passMarker(RST0, RST7))
          throw damagedDicom(source, 'a JPEG frame without its restart marker');
        left = restartInterval - 1;
        firstRow = y;
      }
      for (const { place, table } of components) {
        const at = pixel + place;
        const difference = nextDifference(source, reader, table);
        let prediction = start;
        if (y > firstRow) {
          const above = (samples[at - rowStep] ?? 0) >> pointTransform;
          if (x === 0) prediction = above;
          else {
            const before = (samples[at - step] ?? 0) >> pointTransform;
            const corner = (samples[at - rowStep - step] ?? 0) >> pointTransform;
            prediction = predict(predictor, before, above, corner);
          }
        } else if (x > 0) prediction = (samples[at - step] ?? 0) >> pointTransform;
        samples[at] = ((prediction + difference) & 0xffff) << pointTransform;
      }
    }
    if (reader.isExhausted) throw truncatedDicom(source, `after ${y} of ${height} rows of a frame`);
  }
}

/** A difference: its number of bits as a Huffman code, then its bits, the first of which tells the sign. */
function nextDifference(source: string, reader: EntropyReader, table: HuffmanTable): number {
  const entry = table[reader.peek()] ?? 0;
  const bits = entry & 0xff;
  if (entry === 0 || bits > 16) throw damagedDicom(source, 'a code that its JPEG frame does not define');
  reader.skip(entry >> 8);
  if (bits === 0) return 0;
  if (bits === 16) return 32_768;
  const value = reader.take(bits);
  return value < 1 << (bits - 1) ? value - (1 << bits) + 1 : value;
}

/** Table H.1: a is before, b above, c before and above. */
function predict(predictor: number, a: number, b: number, c: number): number {
  switch (predictor) {
    case 1:
      return a;
    case 2:
      return b;
    case 3:
      return c;
    case 4:
      return a + b - c;
    case 5:
      return a + ((b - c) >> 1);
    case 6:
      return b + ((a - c) >> 1);
    default:
      return (a + b) >> 1;
  }
}
