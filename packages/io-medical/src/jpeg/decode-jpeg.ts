// oxlint-disable-next-line typescript/triple-slash-reference -- the codec ships no types; importers outside this package need ours too
/// <reference path="../codec-libjpeg-turbo-8bit.d.ts" />
import type { LibJpegTurbo } from '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs';
import { ImageFormatError } from '../errors.js';
import { readJpegHeader } from './header.js';
import { checkSize, type ReadLimits } from '../limits.js';
import type { Raster } from '../raster.js';

/** Loaded decoders by the address of their WebAssembly file. A decoder that threw is dropped: its heap is suspect. */
const decoders = new Map<string, Promise<LibJpegTurbo>>();

/**
 * Decodes an 8-bit JPEG, grey or colour, to the values PIL gives (both use libjpeg-turbo).
 *
 * @param wasmUrl where the browser finds `libjpegturbowasm_decode.wasm`, if a bundler has moved it
 * @throws {ImageFormatError} `truncated`, `corrupt`, `too-large`, `unsupported`
 */
export async function decodeJpeg(
  source: string,
  bytes: Uint8Array,
  limits: ReadLimits,
  wasmUrl = '',
): Promise<Raster> {
  const { width, height, components } = readJpegHeader(source, bytes);
  checkSize(source, [width, height], components, limits);
  const codec = await loadDecoder(wasmUrl);
  try {
    const decoder = new codec.JPEGDecoder();
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    const data = new Uint8Array(decoder.getDecodedBuffer());
    decoder.delete();
    if (data.length === width * height * components) {
      return { width, height, maximum: 255, channels: components, data, notes: [] };
    }
  } catch (cause) {
    decoders.delete(wasmUrl);
    throw damaged(source, cause);
  }
  throw damaged(source, undefined);
}

function loadDecoder(wasmUrl: string): Promise<LibJpegTurbo> {
  let loading = decoders.get(wasmUrl);
  if (loading === undefined) {
    loading = startDecoder(wasmUrl);
    decoders.set(wasmUrl, loading);
  }
  return loading;
}

async function startDecoder(wasmUrl: string): Promise<LibJpegTurbo> {
  const silent = (): void => undefined;
  try {
    const { default: load } = await import('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs');
    return await load({
      print: silent,
      printErr: silent,
      ...(wasmUrl === '' ? {} : { locateFile: () => wasmUrl }),
    });
  } catch (cause) {
    decoders.delete(wasmUrl);
    throw new ImageFormatError(
      'unsupported',
      'the JPEG decoder could not be loaded',
      'In a browser pass jpegWasmUrl, the address of libjpegturbowasm_decode.wasm; in Node install the package again.',
      { cause },
    );
  }
}

/** The decoder reports every fault, a scan that ends early included, as a bare number. */
function damaged(source: string, cause: unknown): ImageFormatError {
  return new ImageFormatError(
    'corrupt',
    `${source}: the JPEG's image data is damaged or ends early`,
    'The file was cut off or changed; copy or export it again.',
    cause === undefined ? undefined : { cause },
  );
}
