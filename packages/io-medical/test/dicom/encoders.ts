import { concat } from './dicom-files.js';

/** Pixels of one frame, one or three samples each. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly components: 1 | 3;
  /** Bits of a sample; more than 8 are stored in two bytes. */
  readonly bits: number;
  readonly values: ArrayLike<number>;
}

/** Little-endian bytes of a frame's samples. */
export function frameBytes({ bits, values }: Frame): Uint8Array {
  if (bits <= 8) return Uint8Array.from(values);
  return new Uint8Array(Uint16Array.from(values, (value) => value & 0xffff).buffer);
}

/** DICOM's run-length encoding: runs of three and more as runs, all else as literals. */
export function encodeRle(frame: Frame): Uint8Array {
  const size = frame.bits > 8 ? 2 : 1;
  const bytes = frameBytes(frame);
  const step = size * frame.components;
  const segments: Uint8Array[] = [];
  for (let sample = 0; sample < frame.components; sample++) {
    for (let byte = size - 1; byte >= 0; byte--) {
      const plane = bytes.filter((_, i) => i % step === sample * size + byte);
      const packed = packBits(plane);
      segments.push(packed.length % 2 === 0 ? packed : concat([packed, Uint8Array.of(0)]));
    }
  }
  const header = new Uint32Array(16);
  header[0] = segments.length;
  let at = 64;
  segments.forEach((segment, i) => {
    header[i + 1] = at;
    at += segment.length;
  });
  return concat([new Uint8Array(header.buffer), ...segments]);
}

function packBits(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  for (let at = 0; at < bytes.length;) {
    let run = 1;
    while (run < 128 && bytes[at + run] === bytes[at]) run++;
    if (run >= 3) {
      out.push(257 - run, bytes[at] ?? 0);
      at += run;
      continue;
    }
    const length = Math.min(128, bytes.length - at, 5);
    out.push(length - 1, ...bytes.subarray(at, at + length));
    at += length;
  }
  return Uint8Array.from(out);
}

interface LosslessOptions {
  readonly predictor?: number;
  readonly pointTransform?: number;
  /** Rows between restart markers; none by default. */
  readonly restartRows?: number;
}

/** Lossless JPEG (process 14) whose seventeen categories all have codes of five bits. */
export function encodeJpegLossless(
  { width, height, components, bits, values }: Frame,
  { predictor = 1, pointTransform = 0, restartRows = 0 }: LosslessOptions = {},
): Uint8Array {
  const out: number[] = [0xff, 0xd8];
  const segment = (marker: number, ...body: number[]): void => {
    out.push(0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255, ...body);
  };
  const ids = Array.from({ length: components }, (_, i) => i + 1);
  segment(
    0xc4,
    0,
    0,
    0,
    0,
    0,
    17,
    ...Array.from({ length: 11 }, () => 0),
    ...Array.from({ length: 17 }, (_, i) => i),
  );
  segment(
    0xc3,
    bits,
    height >> 8,
    height & 255,
    width >> 8,
    width & 255,
    components,
    ...ids.flatMap((id) => [id, 0x11, 0]),
  );
  if (restartRows > 0) segment(0xdd, (restartRows * width) >> 8, (restartRows * width) & 255);
  segment(0xda, components, ...ids.flatMap((id) => [id, 0]), predictor, 0, pointTransform);
  const writer = bitWriter(out);
  const at = (x: number, y: number, c: number): number =>
    (values[(y * width + x) * components + c] ?? 0) >> pointTransform;
  for (let y = 0, firstRow = 0, restart = 0; y < height; y++) {
    if (restartRows > 0 && y > 0 && y % restartRows === 0) {
      writer.flush();
      out.push(0xff, 0xd0 + (restart++ % 8));
      firstRow = y;
    }
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < components; c++) {
        const [a, b, corner] = [at(x - 1, y, c), at(x, y - 1, c), at(x - 1, y - 1, c)];
        const formulas = [
          0,
          a,
          b,
          corner,
          a + b - corner,
          a + ((b - corner) >> 1),
          b + ((a - corner) >> 1),
          (a + b) >> 1,
        ];
        const start = 1 << (bits - pointTransform - 1);
        const prediction = y === firstRow ? (x === 0 ? start : a) : x === 0 ? b : (formulas[predictor] ?? 0);
        // Differences are taken modulo 2^16, -32768..32767 with 32768 as a category of its own.
        const difference = ((at(x, y, c) - prediction + 32_768) & 0xffff) - 32_768;
        writer.difference(difference === -32_768 ? 32_768 : difference);
      }
    }
  }
  writer.flush();
  out.push(0xff, 0xd9);
  return Uint8Array.from(out);
}

function bitWriter(out: number[]): { difference(value: number): void; flush(): void } {
  let bits = 0;
  let count = 0;
  const put = (value: number, length: number): void => {
    for (let bit = length - 1; bit >= 0; bit--) {
      bits = (bits << 1) | ((value >> bit) & 1);
      if (++count < 8) continue;
      out.push(bits);
      if (bits === 0xff) out.push(0);
      bits = 0;
      count = 0;
    }
  };
  return {
    difference(value) {
      const category = value === 0 ? 0 : 32 - Math.clz32(Math.abs(value));
      put(category, 5);
      if (category > 0 && category < 16) put(value > 0 ? value : value + (1 << category) - 1, category);
    },
    flush() {
      if (count > 0) put(0xff, 8 - count);
    },
  };
}

interface WasmEncoder {
  getDecodedBuffer(info: object): Uint8Array;
  getEncodedBuffer(): Uint8Array;
  setDecompositions?(count: number): void;
  setQuality?(isReversible: boolean, quality: number): void;
  setNearLossless?(near: number): void;
  setInterleaveMode?(mode: number): void;
  encode(): void;
  delete(): void;
}

const ENCODERS: Readonly<Record<string, readonly [module: string, name: string]>> = {
  'jpeg-ls': ['@cornerstonejs/codec-charls/wasmjs', 'JpegLSEncoder'],
  'jpeg-2000': ['@cornerstonejs/codec-openjpeg/wasmjs', 'J2KEncoder'],
  htj2k: ['@cornerstonejs/codec-openjph/wasmjs', 'HTJ2KEncoder'],
};

/** Lossless JPEG-LS, JPEG 2000 or HTJ2K by the encoders that come with the decoders' packages. */
export async function encodeWithWasm(kind: string, frame: Frame, isSigned = false): Promise<Uint8Array> {
  const [module, name] = ENCODERS[kind] ?? ['', ''];
  const silent = (): void => undefined;
  const { default: load } = (await import(module)) as { default: (options: object) => Promise<unknown> };
  const codec = (await load({ print: silent, printErr: silent })) as Record<string, new () => WasmEncoder>;
  const Encoder = codec[name];
  if (Encoder === undefined) throw new Error(`no ${name}`);
  const encoder = new Encoder();
  const { width, height, bits, components } = frame;
  const info = { width, height, bitsPerSample: bits, componentCount: components, isSigned };
  encoder.getDecodedBuffer({ ...info, isUsingColorTransform: components === 3 }).set(frameBytes(frame));
  encoder.setDecompositions?.(2);
  encoder.setQuality?.(true, 0);
  encoder.setNearLossless?.(0);
  encoder.encode();
  const encoded = new Uint8Array(encoder.getEncodedBuffer());
  encoder.delete();
  return encoded;
}
