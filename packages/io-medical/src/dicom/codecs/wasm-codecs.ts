// oxlint-disable typescript/triple-slash-reference -- the codecs ship no types; importers outside this package need ours too
/// <reference path="./codec-charls.d.ts" />
/// <reference path="./codec-openjpeg.d.ts" />
/// <reference path="./codec-openjph.d.ts" />
import { ImageFormatError } from '../../errors.js';
import { damagedDicom } from '../dicom-errors.js';
import type { Codestream } from './codestream.js';

/** Syntaxes that a WebAssembly decoder of this file reads. */
export type WasmCompression = 'jpeg-ls' | 'jpeg-2000' | 'htj2k';

/** Addresses of WebAssembly files by the names that the decoders know them by, where a bundler has moved them. */
export type WasmUrls = Readonly<Record<string, string>>;

/** A decoded frame. */
export interface DecodedFrame {
  /** Samples of 1 byte (up to 8 bits) or 2, little endian, pixel by pixel. */
  readonly data: Uint8Array;
  /** Bits of a sample as the codestream has them. */
  readonly bits: number;
}

/** What the three decoders have in common. */
interface Decoder {
  getEncodedBuffer(size: number): Uint8Array;
  decode(): void;
  getDecodedBuffer(): Uint8Array | Uint8ClampedArray;
  getFrameInfo(): { width: number; height: number; bitsPerSample: number; componentCount: number };
  delete(): void;
}

interface LoadOptions {
  readonly print: () => void;
  readonly printErr: () => void;
  readonly locateFile?: (file: string, folder: string) => string;
}

const LOADERS: Readonly<Record<WasmCompression, (options: LoadOptions) => Promise<new () => Decoder>>> = {
  'jpeg-ls': async (options) => {
    const { default: load } = await import('@cornerstonejs/codec-charls/decodewasmjs');
    return (await load(options)).JpegLSDecoder;
  },
  'jpeg-2000': async (options) => {
    const { default: load } = await import('@cornerstonejs/codec-openjpeg/decodewasmjs');
    return (await load(options)).J2KDecoder;
  },
  htj2k: async (options) => {
    const { default: load } = await import('@cornerstonejs/codec-openjph/wasmjs');
    return (await load(options)).HTJ2KDecoder;
  },
};

/** Loaded decoders. One that threw is dropped: its heap is suspect. */
const decoders = new Map<WasmCompression, Promise<new () => Decoder>>();

/**
 * Decodes a frame with CharLS, OpenJPEG or OpenJPH, which are loaded when first needed.
 *
 * @param header what the frame says of itself; its size was checked by the caller
 * @throws {ImageFormatError} `corrupt`; `unsupported` where the decoder cannot be loaded
 */
export async function decodeWithWasm(
  source: string,
  compression: WasmCompression,
  bytes: Uint8Array,
  header: Codestream,
  wasmUrls: WasmUrls = {},
): Promise<DecodedFrame> {
  const DecoderClass = await loadDecoder(compression, wasmUrls);
  try {
    const decoder = new DecoderClass();
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    const info = decoder.getFrameInfo();
    const data = new Uint8Array(decoder.getDecodedBuffer());
    decoder.delete();
    const expected = header.width * header.height * header.components * (info.bitsPerSample > 8 ? 2 : 1);
    if (info.width === header.width && info.height === header.height && data.length === expected) {
      return { data, bits: info.bitsPerSample };
    }
  } catch (cause) {
    decoders.delete(compression);
    throw damagedFrame(source, compression, cause);
  }
  throw damagedFrame(source, compression, undefined);
}

async function loadDecoder(compression: WasmCompression, wasmUrls: WasmUrls): Promise<new () => Decoder> {
  const silent = (): void => undefined;
  const locateFile = (file: string, folder: string): string => wasmUrls[file] ?? folder + file;
  const loading =
    decoders.get(compression) ?? LOADERS[compression]({ print: silent, printErr: silent, locateFile });
  decoders.set(compression, loading);
  try {
    return await loading;
  } catch (cause) {
    decoders.delete(compression);
    throw new ImageFormatError(
      'unsupported',
      `the ${compression} decoder could not be loaded`,
      'In a browser pass wasmUrls with the addresses of the .wasm files; in Node install the package again.',
      { cause },
    );
  }
}

/** The decoders report every fault as a bare number. */
function damagedFrame(source: string, compression: string, cause: unknown): ImageFormatError {
  return damagedDicom(source, `a ${compression} frame cannot be decoded`, cause);
}
