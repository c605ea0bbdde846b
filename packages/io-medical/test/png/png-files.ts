import { crc32, deflateSync } from 'node:zlib';

/** What a test wants in a PNG. */
export interface PngSpec {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colourType: number;
  /** One value per sample, row by row. */
  readonly samples: readonly number[];
  readonly palette?: readonly number[];
  readonly interlaced?: boolean;
  /** Chunks put in before IDAT: type and content. */
  readonly extra?: readonly (readonly [string, Uint8Array])[];
  /** Scan lines used instead of the samples. */
  readonly raw?: Uint8Array;
}

const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** Writes a PNG by the book, of any kind, to hold the reader to. Filter 0 on every line. */
export function makePng(spec: PngSpec): Uint8Array {
  const passes = spec.interlaced === true ? ADAM7 : ([[0, 0, 1, 1]] as const);
  const lines = spec.raw ?? Uint8Array.from(passes.flatMap((pass) => scanlines(spec, pass)));
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, spec.width);
  view.setUint32(4, spec.height);
  header.set([spec.depth, spec.colourType, 0, 0, spec.interlaced === true ? 1 : 0], 8);
  const file = Buffer.concat([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    makeChunk('IHDR', header),
    ...(spec.palette === undefined ? [] : [makeChunk('PLTE', Uint8Array.from(spec.palette))]),
    ...(spec.extra ?? []).map(([type, content]) => makeChunk(type, content)),
    makeChunk('IDAT', deflateSync(lines)),
    makeChunk('IEND', new Uint8Array(0)),
  ]);
  return new Uint8Array(file);
}

function makeChunk(type: string, content: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(content.length, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return chunk;
}

function scanlines(spec: PngSpec, [x0, y0, dx, dy]: readonly [number, number, number, number]): number[] {
  const channels = CHANNELS[spec.colourType] ?? 1;
  const lines: number[] = [];
  for (let y = y0; y < spec.height; y += dy) {
    const samples: number[] = [];
    for (let x = x0; x < spec.width; x += dx) {
      const at = (y * spec.width + x) * channels;
      samples.push(...spec.samples.slice(at, at + channels));
    }
    if (samples.length > 0) lines.push(0, ...pack(samples, spec.depth));
  }
  return lines;
}

function pack(samples: readonly number[], depth: number): number[] {
  const bits = samples.map((value) => value.toString(2).padStart(depth, '0')).join('');
  return (bits.match(/.{1,8}/g) ?? []).map((byte) => parseInt(byte.padEnd(8, '0'), 2));
}
