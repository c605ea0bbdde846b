import { MetricsError } from './errors.js';
import {
  bytesOf,
  flattenTo,
  isByteArray,
  isFloatArray,
  type FlatArray,
  type MaskArray,
  type Shape,
} from './inputs.js';
import { oneOf } from './one-of.js';

/**
 * Which values of a mask are foreground: those strictly above a number, or `'auto'`.
 *
 * `'auto'` takes a mask of 0 and 1 as it is, and anything larger as a grey image on its type's full scale, with the
 * reference's rule "value > 128" (128 itself is background; unsigned 16-bit: > 128 * 257). Floats are foreground above
 * 0.5. What fits neither reading, such as labels 0, 1, 2 or a negative label, is refused instead of guessed.
 */
export type Foreground = number | 'auto';

/** A mask reduced to bytes: `bytes[i] > above` is foreground. Bytes are shared with the caller's array where possible. */
export interface ByteMask {
  readonly bytes: Uint8Array;
  /** Whole number, 0..254. */
  readonly above: number;
}

/**
 * Reads a mask by the given rule.
 *
 * @throws MetricsError `not-finite` for NaN or Infinity, `ambiguous-mask` where `'auto'` cannot decide,
 *   `invalid-option` for a NaN threshold
 */
export function readMask(mask: FlatArray, foreground: Foreground, argument: string): ByteMask {
  if (isFloatArray(mask)) checkFinite(mask, argument);
  const above = foreground === 'auto' ? autoThreshold(mask, argument) : checkForeground(foreground);
  if (isByteArray(mask) && above < 255 && (above & 255) === above) return { bytes: bytesOf(mask), above };
  const bytes = new Uint8Array(mask.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = mask[i]! > above ? 1 : 0;
  return { bytes, above: 0 };
}

/**
 * A mask that covers an image or a volume, see {@link readMask}.
 *
 * @throws MetricsError `invalid-shape`, `length-mismatch`, and as {@link readMask}
 */
export function readMaskOf(
  shape: Shape & { readonly depth?: number },
  mask: MaskArray,
  foreground: Foreground | undefined,
  argument: string,
): ByteMask {
  return readMask(flattenTo(mask, shape, argument), foreground ?? 'auto', argument);
}

/** @throws MetricsError `invalid-option` for NaN and for what is no number */
export function checkForeground<F extends Foreground>(foreground: F): F {
  const isNumber = typeof foreground === 'number' && !Number.isNaN(foreground);
  return isNumber
    ? foreground
    : oneOf<F & string>('foregroundAbove', foreground as F & string, ['auto' as F & string]);
}

/** @throws MetricsError `not-finite`, with the index of the first offender */
export function checkFinite(array: Float32Array | Float64Array, argument: string): void {
  for (let i = 0; i < array.length; i++) {
    if (!Number.isFinite(array[i])) {
      throw new MetricsError('not-finite', `${argument} holds ${array[i]!} at index ${i}`, 'model diverged?');
    }
  }
}

function autoThreshold(mask: FlatArray, argument: string): number {
  const float = isFloatArray(mask);
  const grey = isByteArray(mask) ? 128 : mask instanceof Uint16Array ? 32_896 : Infinity;
  let min = 0;
  let max = 0;
  for (let i = 0; i < mask.length; i++) {
    const value = mask[i]!;
    if (value >= min && value <= max) continue;
    if (value < min) min = value;
    else if (!float && value > grey) return grey;
    else max = value;
  }
  if (max <= 1 && (float || min === 0)) return float ? 0.5 : 0;
  throw new MetricsError(
    'ambiguous-mask',
    `${argument} runs from ${min} to ${max}`,
    'neither 0 and 1 nor grey: pass foregroundAbove, or evaluateLabels',
  );
}
