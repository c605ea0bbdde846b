import { ImageFormatError } from './errors.js';
import type { GreyImage } from './volume.js';

/** For each output position, where its input span starts and with which weights it is summed. */
interface Taps {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  /** `stride` weights per output position. */
  readonly weights: Float64Array;
  readonly stride: number;
}

/** Fraction bits of the integer weights that PIL uses for 8-bit images. */
const PRECISION_BITS = 22;

/**
 * Bilinear resize with the values of PIL's `Image.resize(..., BILINEAR)`: a triangle filter that widens when the
 * image shrinks, rows first, then columns.
 *
 * 8-bit images are summed in PIL's fixed point and rounded after each direction (bit-exact); float images are summed
 * in double precision and rounded to float32 after each direction, as PIL's mode F.
 *
 * @throws {ImageFormatError} `invalid-option` for a size that is no whole number above 0
 */
export function resizeBilinear<Data extends Uint8Array | Float32Array>(
  image: GreyImage<Data>,
  width: number,
  height: number,
): GreyImage<Data> {
  checkTarget(width, height);
  let { data } = image;
  if (width !== image.width) data = resizeRows(data, image.width, image.height, width);
  if (height !== image.height) data = resizeColumns(data, width, image.height, height);
  return { width, height, data: data === image.data ? (data.slice() as Data) : data };
}

/**
 * Which pixel a nearest resize takes: `floor` (OpenCV, torch `nearest`) starts from the pixel's corner, `centre`
 * (PIL, torch `nearest-exact`) from its middle. They differ in most pixels of a noisy image.
 */
export type NearestConvention = 'floor' | 'centre';

/** Nearest-neighbour resize, for labels: no new values appear. The convention defaults to PIL's, `centre`. */
export function resizeNearest<Data extends Uint8Array | Float32Array>(
  image: GreyImage<Data>,
  width: number,
  height: number,
  { convention = 'centre' }: { readonly convention?: NearestConvention } = {},
): GreyImage<Data> {
  checkTarget(width, height);
  const shift = convention === 'centre' ? 0.5 : 0;
  const pick = (out: number, target: number, size: number): number =>
    Math.min(size - 1, Math.floor(((out + shift) * size) / target));
  const columns = Int32Array.from({ length: width }, (_, x) => pick(x, width, image.width));
  const data = sameKind(image.data, width * height);
  for (let y = 0, i = 0; y < height; y++) {
    const row = pick(y, height, image.height) * image.width;
    for (let x = 0; x < width; x++, i++) data[i] = image.data[row + (columns[x] ?? 0)] ?? 0;
  }
  return { width, height, data };
}

function checkTarget(width: number, height: number): void {
  if (![width, height].every((side) => Number.isInteger(side) && side > 0)) {
    throw new ImageFormatError(
      'invalid-option',
      `cannot resize to ${width} x ${height}`,
      'Give a width and height that are whole numbers above 0.',
    );
  }
}

/** Weights of PIL's triangle filter; in fixed point (integers) where `fixedPoint` is set. */
function taps(inSize: number, outSize: number, fixedPoint: boolean): Taps {
  const scale = inSize / outSize;
  const support = Math.max(scale, 1);
  const stride = Math.ceil(support) * 2 + 1;
  const starts = new Int32Array(outSize);
  const counts = new Int32Array(outSize);
  const weights = new Float64Array(outSize * stride);
  const inverse = 1 / support;
  for (let out = 0; out < outSize; out++) {
    const centre = (out + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const count = Math.min(inSize, Math.trunc(centre + support + 0.5)) - start;
    const at = out * stride;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const weight = Math.max(0, 1 - Math.abs((i + start - centre + 0.5) * inverse));
      weights[at + i] = weight;
      sum += weight;
    }
    for (let i = 0; i < count; i++) {
      const weight = (weights[at + i] ?? 0) / sum;
      weights[at + i] = fixedPoint ? Math.trunc(0.5 + weight * 2 ** PRECISION_BITS) : weight;
    }
    starts[out] = start;
    counts[out] = count;
  }
  return { starts, counts, weights, stride };
}

function resizeRows<Data extends Uint8Array | Float32Array>(
  data: Data,
  width: number,
  height: number,
  outWidth: number,
): Data {
  const { starts, counts, weights, stride } = taps(width, outWidth, data instanceof Uint8Array);
  const out = sameKind(data, outWidth * height);
  const finish = finisher(data);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < outWidth; x++, i++) {
      const from = y * width + (starts[x] ?? 0);
      const count = counts[x] ?? 0;
      let sum = 0;
      for (let k = 0; k < count; k++) sum += (data[from + k] ?? 0) * (weights[x * stride + k] ?? 0);
      out[i] = finish(sum);
    }
  }
  return out;
}

function resizeColumns<Data extends Uint8Array | Float32Array>(
  data: Data,
  width: number,
  height: number,
  outHeight: number,
): Data {
  const { starts, counts, weights, stride } = taps(height, outHeight, data instanceof Uint8Array);
  const out = sameKind(data, width * outHeight);
  const finish = finisher(data);
  const sums = new Float64Array(width);
  for (let y = 0; y < outHeight; y++) {
    sums.fill(0);
    const count = counts[y] ?? 0;
    for (let k = 0; k < count; k++) {
      const weight = weights[y * stride + k] ?? 0;
      const row = ((starts[y] ?? 0) + k) * width;
      for (let x = 0; x < width; x++) sums[x] = (sums[x] ?? 0) + (data[row + x] ?? 0) * weight;
    }
    for (let x = 0; x < width; x++) out[y * width + x] = finish(sums[x] ?? 0);
  }
  return out;
}

/** Turns a weighted sum into a sample: rounded from fixed point for 8-bit images, itself for floats. */
function finisher(data: Uint8Array | Float32Array): (sum: number) => number {
  if (data instanceof Float32Array) return (sum) => sum;
  const half = 2 ** (PRECISION_BITS - 1);
  return (sum) => Math.min(255, (sum + half) >> PRECISION_BITS);
}

function sameKind<Data extends Uint8Array | Float32Array>(data: Data, length: number): Data {
  return (data instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length)) as Data;
}
