import { ImageFormatError } from '../errors.js';
import { decodeJpeg } from '../jpeg/decode-jpeg.js';
import type { ReadLimits } from '../limits.js';
import type { VoxelArray } from '../volume.js';
import { type Codestream, readJpeg2000Header, readJpegFamilyHeader } from './codecs/codestream.js';
import { decodeJpegLossless } from './codecs/jpeg-lossless.js';
import { type DecodedFrame, decodeWithWasm, type WasmUrls } from './codecs/wasm-codecs.js';
import { damagedDicom, truncatedDicom } from './dicom-errors.js';
import type { ByteRange, Element } from './elements.js';
import { encapsulatedFrames } from './encapsulated-frames.js';
import type { DicomFile } from './parse-dicom.js';
import { frameBytes, isColour, type PixelFormat, pixelTag } from './pixel-format.js';
import { decodeRle } from './rle.js';
import { interleave, significantBits, storedValues, swapBytes, unpackBits, viewAs } from './samples.js';

/** A frame's stored values, before any rescaling. */
export interface StoredFrame {
  /** One value a pixel, or three of a colour pixel, row by row. */
  readonly values: VoxelArray;
  /** What the values of a colour frame are now: decoders turn YBR into RGB on their own. */
  readonly colour: 'none' | 'RGB' | 'YBR';
}

/** Where decoders find what they need, and how far they may go. */
export interface DecodeOptions {
  readonly limits: ReadLimits;
  readonly wasmUrls?: WasmUrls;
  readonly jpegWasmUrl?: string;
}

/** Gives the frames of one file, one at a time. */
export type FrameDecoder = (frame: number) => Promise<StoredFrame>;

/**
 * Checks that all pixels of a file are there and gives a function that decodes its frames, from 0 on.
 *
 * @throws {ImageFormatError} `truncated`, `corrupt`; when decoding also `unsupported`
 */
export function frameDecoder(file: DicomFile, format: PixelFormat, options: DecodeOptions): FrameDecoder {
  const { dataset, syntax } = file;
  const element = dataset.element(pixelTag(dataset) ?? 0);
  if (element === undefined) throw damagedDicom(dataset.source, 'it has no pixels');
  if (element.fragments === undefined) {
    if (syntax.compression !== 'none') throw damagedDicom(dataset.source, 'compressed pixels without items');
    return nativeDecoder(file, format, element);
  }
  const frames = encapsulatedFrames(dataset, element, format.frames, syntax.compression);
  return (frame) => decodeFrame(file, format, join(file, frames[frame] ?? []), options);
}

function nativeDecoder({ dataset, syntax }: DicomFile, format: PixelFormat, element: Element): FrameDecoder {
  const size = frameBytes(format);
  const needed = Math.ceil(size * format.frames);
  if (element.length < needed) {
    throw truncatedDicom(dataset.source, `its pixels should have ${needed} bytes and have ${element.length}`);
  }
  const pixels = dataset.bytes(element);
  // Eight-bit samples in words are swapped with the words (PS3.5, annex A.3).
  if (!syntax.littleEndian && format.bitsAllocated === 8 && element.vr === 'OW') {
    const swapped = pixels.slice();
    swapBytes(swapped, 2);
    return (frame) => Promise.resolve(native(swapped, format, false, frame));
  }
  return (frame) => Promise.resolve(native(pixels, format, syntax.littleEndian, frame));
}

function native(pixels: Uint8Array, format: PixelFormat, littleEndian: boolean, frame: number): StoredFrame {
  const { rows, columns, bitsAllocated } = format;
  const size = frameBytes(format);
  if (bitsAllocated === 1) {
    return { values: unpackBits(pixels, frame * rows * columns, rows * columns), colour: 'none' };
  }
  const bytes = pixels.subarray(frame * size, (frame + 1) * size);
  return arrange(storedValues(bytes, format, littleEndian), format, 'as-stored');
}

async function decodeFrame(
  file: DicomFile,
  format: PixelFormat,
  bytes: Uint8Array,
  options: DecodeOptions,
): Promise<StoredFrame> {
  const { source } = file.dataset;
  const { compression } = file.syntax;
  const { rows, columns, samples, bitsAllocated } = format;
  if (compression === 'none') {
    if (bytes.length < frameBytes(format)) throw truncatedDicom(source, 'within a frame');
    return native(bytes, format, true, 0);
  }
  if (compression === 'rle') {
    if (bitsAllocated === 1) throw damagedDicom(source, 'single bits in RLE');
    const shape = { pixels: rows * columns, samples, bytes: bitsAllocated / 8 };
    const values = storedValues(decodeRle(source, bytes, shape), format, true);
    return arrange(values, { ...format, planar: false }, 'as-stored');
  }
  if (compression === 'jpeg') {
    const raster = await decodeJpeg(source, bytes, options.limits, options.jpegWasmUrl);
    checkFrame(source, format, { ...raster, components: raster.channels, precision: 8 });
    return arrange(raster.data, { ...format, planar: false }, 'RGB');
  }
  const isJpeg2000 = compression === 'jpeg-2000' || compression === 'htj2k';
  const header = isJpeg2000 ? readJpeg2000Header(source, bytes) : readJpegFamilyHeader(source, bytes);
  checkFrame(source, format, header);
  const decoded =
    compression === 'jpeg-lossless'
      ? decodeJpegLossless(source, bytes, header)
      : await decodeWithWasm(source, compression, bytes, header, options.wasmUrls);
  return arrange(
    decodedValues(decoded, format),
    { ...format, planar: false },
    isJpeg2000 ? 'RGB' : 'as-stored',
  );
}

/** A frame must be what the file's header says, before room is made for it. */
function checkFrame(source: string, format: PixelFormat, frame: Codestream): void {
  const { rows, columns, samples, bitsAllocated } = format;
  if (frame.width !== columns || frame.height !== rows || frame.components !== samples) {
    throw damagedDicom(
      source,
      `a frame of ${frame.width} x ${frame.height} x ${frame.components} where the header says ` +
        `${columns} x ${rows} x ${samples}`,
    );
  }
  if (frame.precision > Math.min(bitsAllocated, 16)) {
    throw new ImageFormatError(
      frame.precision > 16 ? 'unsupported' : 'corrupt',
      `${source}: a compressed frame of ${frame.precision} bits in ${bitsAllocated}`,
      'Export it with at most 16 bits a sample.',
    );
  }
}

/**
 * Samples of a codestream as stored values. Whether they have a sign is for DICOM to say (0028,0103), not for the
 * codestream: the highest of the stored bits is the sign, as GDCM has it.
 */
function decodedValues({ data, bits }: DecodedFrame, format: PixelFormat): VoxelArray {
  const samples = viewAs(data, bits > 8 ? 16 : 8, 'unsigned');
  const { bitsAllocated, signed } = format;
  const Constructor =
    bitsAllocated === 8 ? (signed ? Int8Array : Uint8Array) : signed ? Int16Array : Uint16Array;
  const values = bitsAllocated > 16 ? Int32Array.from(samples) : Constructor.from(samples);
  const bitsStored = Math.max(format.bitsStored, bits);
  return significantBits(values, { ...format, bitsStored, highBit: bitsStored - 1 });
}

/** Colour pixel by pixel, with what its samples are. */
function arrange(values: VoxelArray, format: PixelFormat, decodedAs: 'RGB' | 'as-stored'): StoredFrame {
  const { photometric, rows, columns, planar } = format;
  if (!isColour(photometric)) return { values, colour: 'none' };
  const isRgb = decodedAs === 'RGB' || photometric === 'RGB';
  const pixels = values.length === 2 * rows * columns ? spread422(values) : values;
  return { values: planar ? interleave(pixels, rows * columns) : pixels, colour: isRgb ? 'RGB' : 'YBR' };
}

/** Two neighbours that share their colour, Y1 Y2 Cb Cr, become Y1 Cb Cr and Y2 Cb Cr. */
function spread422(values: VoxelArray): VoxelArray {
  const out = new Uint8Array((values.length / 2) * 3);
  for (let from = 0, to = 0; from + 3 < values.length; from += 4, to += 6) {
    const [first = 0, second = 0, blue = 0, red = 0] = values.subarray(from, from + 4);
    out.set([first, blue, red, second, blue, red], to);
  }
  return out;
}

function join({ dataset }: DicomFile, fragments: readonly ByteRange[]): Uint8Array {
  const [only] = fragments;
  if (only !== undefined && fragments.length === 1) return dataset.bytes(only);
  const whole = new Uint8Array(fragments.reduce((sum, { length }) => sum + length, 0));
  let filled = 0;
  for (const fragment of fragments) {
    whole.set(dataset.bytes(fragment), filled);
    filled += fragment.length;
  }
  return whole;
}
