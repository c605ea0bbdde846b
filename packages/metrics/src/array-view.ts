import { MetricsError } from './errors.js';

/** A typed array of any kind; 64-bit integers are read as numbers. */
export type NumericArray =
  | Uint8Array
  | Uint8ClampedArray
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/**
 * A block of numbers somewhere inside a typed array: a crop, one channel, a flipped or transposed image.
 *
 * @example
 * ```ts
 * import { dice } from '@infnet/metrics';
 *
 * const rgba = Uint8Array.of(255, 0, 0, 255, 0, 0, 0, 255); // two pixels, the mask is in the red channel
 * const red = { data: rgba, shape: [1, 2], strides: [8, 4] };
 * console.log(dice(red, Uint8Array.of(1, 0))); // 1
 * ```
 */
export interface ArrayView {
  readonly data: NumericArray;
  /** Sizes, slowest axis first: [height, width] or [depth, height, width]; axes of size 1 are ignored. */
  readonly shape: readonly number[];
  /** Elements from one index of an axis to the next, may be negative. Default: row-major without gaps. */
  readonly strides?: readonly number[];
  /** Element of `data` at index 0 of every axis. Default 0. */
  readonly offset?: number;
}

/**
 * The values of a view in row-major order; without strides they share the view's memory.
 *
 * @throws MetricsError `invalid-shape` for a view that is empty or reaches outside its data
 */
export function gather(view: ArrayView, argument: string): NumericArray {
  const { data, shape, offset = 0 } = view;
  const strides = view.strides ?? shape.map((_, axis) => product(shape.slice(axis + 1)));
  let low = offset;
  let high = offset;
  const sound = shape.every((size, axis) => {
    const reach = (size - 1) * strides[axis]!;
    if (reach < 0) low += reach;
    else high += reach;
    return size > 0 && size % 1 === 0 && reach % 1 === 0;
  });
  if (!sound || !(low >= 0 && high < data.length)) {
    throw new MetricsError(
      'invalid-shape',
      `${argument}: [${shape.join()}] by strides [${strides.join()}] leaves its ${data.length} values`,
      'strides are in elements',
    );
  }
  const count = product(shape);
  if (!view.strides) return data.subarray(offset, offset + count);
  const values = new (data.constructor as Uint8ArrayConstructor)(count);
  let next = 0;
  const copy = (axis: number, from: number): void => {
    for (let i = 0; i < shape[axis]!; i++) {
      const at = from + i * strides[axis]!;
      if (axis + 1 < shape.length) copy(axis + 1, at);
      else values[next++] = data[at] as number;
    }
  };
  copy(0, offset);
  return values;
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((a, b) => a * b, 1);
}
