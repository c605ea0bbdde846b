import { MetricsError } from './errors.js';

/** A soft prediction: 8-bit (0..255), 16-bit (0..65535), or float; row-major, index = x + width * y. */
export type PredictionArray = Uint8Array | Uint8ClampedArray | Uint16Array | Float32Array | Float64Array;

/** A mask or a grey ground truth, row-major; see {@link Foreground} for what counts as foreground. */
export type MaskArray = PredictionArray;

/** Size of a map in pixels. */
export interface Shape {
  readonly width: number;
  readonly height: number;
}

/**
 * Throws unless `shape` is a positive whole size and `array` is a supported typed array of exactly that many values.
 *
 * @throws MetricsError `invalid-shape`, `unsupported-array`, `length-mismatch`
 */
export function checkArray(array: MaskArray, shape: Shape, argument: string): void {
  const { width, height } = shape;
  if (!isPositiveInteger(width) || !isPositiveInteger(height)) {
    throw new MetricsError(
      'invalid-shape',
      `width and height must be positive whole numbers, got ${String(width)} x ${String(height)}`,
      'pass the size of the map in pixels, for example { width: 352, height: 352 }',
    );
  }
  checkKind(array, argument);
  if (array.length !== width * height) {
    throw new MetricsError(
      'length-mismatch',
      `${argument} holds ${array.length} values, but ${width} x ${height} needs ${width * height}`,
      'prediction and ground truth need the same size, one value per pixel; resize the probability map, never the mask, to bring them together',
    );
  }
}

/** @throws MetricsError `unsupported-array` */
export function checkKind(array: MaskArray, argument: string): void {
  const supported =
    array instanceof Uint8Array ||
    array instanceof Uint8ClampedArray ||
    array instanceof Uint16Array ||
    array instanceof Float32Array ||
    array instanceof Float64Array;
  if (!supported) {
    throw new MetricsError(
      'unsupported-array',
      `${argument} must be a Uint8Array, Uint8ClampedArray, Uint16Array, Float32Array or Float64Array`,
      'copy the values into one of these, for example Float32Array.from(values)',
    );
  }
}

/** True for arrays of 0..255. */
export function isByteArray(array: MaskArray): array is Uint8Array | Uint8ClampedArray {
  return array instanceof Uint8Array || array instanceof Uint8ClampedArray;
}

/** The same memory as a Uint8Array, so that hot loops see one type. */
export function bytesOf(array: Uint8Array | Uint8ClampedArray): Uint8Array {
  return array instanceof Uint8Array ? array : new Uint8Array(array.buffer, array.byteOffset, array.length);
}

/** True for arrays that can hold NaN. */
export function isFloatArray(array: MaskArray): array is Float32Array | Float64Array {
  return array instanceof Float32Array || array instanceof Float64Array;
}

function isPositiveInteger(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}
