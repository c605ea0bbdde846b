import { gather, type ArrayView, type NumericArray } from './array-view.js';
import { MetricsError } from './errors.js';

/**
 * A soft prediction, row-major (index = x + width * y), or a view of one. 8-bit arrays run from 0 to 255, unsigned 16-bit
 * ones to 65535, all others from 0 to 1 unless `predictionMaximum` says otherwise.
 */
export type PredictionArray = NumericArray | ArrayView;

/** A mask or a grey ground truth, row-major, or a view of one; see {@link Foreground} for what counts as foreground. */
export type MaskArray = PredictionArray;

/**
 * What inputs are reduced to: values in row-major order. 64-bit integers and 16-bit floats go under this type too: they
 * compare like numbers, and whoever calculates with rare kinds copies them first.
 */
export type FlatArray = Exclude<NumericArray, BigInt64Array | BigUint64Array>;

/** Size of a map in pixels. */
export interface Shape {
  readonly width: number;
  readonly height: number;
}

/**
 * The values in row-major order, in memory shared with the input where possible.
 *
 * @throws MetricsError `unsupported-array`, `invalid-shape`
 */
export function flatten(input: MaskArray, argument: string): FlatArray {
  const array = isView(input) ? gather(input, argument) : input;
  if (!ArrayBuffer.isView(array) || array instanceof DataView) {
    throw new MetricsError(
      'unsupported-array',
      `${argument} is no typed array or view`,
      'see ArrayView, readTensor, Float32Array.from',
    );
  }
  return array as FlatArray;
}

/**
 * The values of an array of exactly this size.
 *
 * @throws MetricsError `invalid-shape`, `unsupported-array`, `length-mismatch`
 */
export function flattenTo(
  input: MaskArray,
  { width, height, depth = 1 }: Shape & { readonly depth?: number },
  argument: string,
): FlatArray {
  const size = depth === 1 ? [height, width] : [depth, height, width];
  if (!size.every((extent) => Number.isSafeInteger(extent) && extent > 0)) {
    throw new MetricsError(
      'invalid-shape',
      `width and height (and depth) must be positive whole numbers, got ${size.toReversed().map(String).join(' x ')}`,
      'pass the size of the map in pixels, for example { width: 352, height: 352 }',
    );
  }
  const array = flatten(input, argument);
  const expected = size.reduce((a, b) => a * b, 1);
  const long = (shape: readonly number[]): string => shape.filter((extent) => extent !== 1).join();
  if (array.length !== expected || (isView(input) && long(input.shape) !== long(size))) {
    throw new MetricsError(
      'length-mismatch',
      `${argument} holds ${isView(input) ? input.shape.join(' x ') : array.length} values, but [${size.join()}] needs ${expected}`,
      'prediction and ground truth need the same size, one value per pixel; resize the probability map, never the mask, to bring them together',
    );
  }
  return array;
}

/** The same values in an array that can be calculated with: rare kinds are copied to 64-bit floats. */
export function withPlainNumbers(values: FlatArray): FlatArray {
  const kind: string = values[Symbol.toStringTag];
  return kind.startsWith('Big') || kind === 'Float16Array' ? Float64Array.from(values, Number) : values;
}

/** True for a view, whatever its data is. */
export function isView(input: unknown): input is ArrayView {
  const view = input as ArrayView | null | undefined;
  return Array.isArray(view?.shape) && ArrayBuffer.isView(view.data);
}

/** True for arrays of 0..255. */
export function isByteArray(array: FlatArray): array is Uint8Array | Uint8ClampedArray {
  return array[Symbol.toStringTag].startsWith('Uint8');
}

/** The same memory as a Uint8Array, so that hot loops see one type. */
export function bytesOf(array: Uint8Array | Uint8ClampedArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.length);
}

/** True for arrays that can hold NaN, 16-bit ones included where there are any. */
export function isFloatArray(array: FlatArray): array is Float32Array | Float64Array {
  return array[Symbol.toStringTag].startsWith('Float');
}
