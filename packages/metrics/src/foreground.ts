import { MetricsError } from './errors.js';
import { bytesOf, isByteArray, isFloatArray, type MaskArray } from './inputs.js';

/**
 * Which values of a mask are foreground: those strictly above a number, or `'auto'`.
 *
 * `'auto'` takes a mask of 0 and 1 as it is, and anything larger as a grey image on its type's full scale, with the
 * reference's rule "value > 128" (128 itself is background; 16-bit: > 128 * 257). Floats are foreground above 0.5.
 * A mask whose largest value fits neither reading, such as labels 0, 1, 2, is refused instead of guessed.
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
export function readMask(mask: MaskArray, foreground: Foreground, argument: string): ByteMask {
  if (isFloatArray(mask)) checkFinite(mask, argument);
  const above = foreground === 'auto' ? autoThreshold(mask, argument) : checkForeground(foreground);
  if (isByteArray(mask) && Number.isInteger(above) && above >= 0 && above < 255)
    return { bytes: bytesOf(mask), above };
  return { bytes: Uint8Array.from(mask, (value) => (value > above ? 1 : 0)), above: 0 };
}

/** @throws MetricsError `invalid-option` for NaN and for what is no number */
export function checkForeground<F extends Foreground>(foreground: F): F {
  const isNumber = typeof foreground === 'number' && !Number.isNaN(foreground);
  if (isNumber || foreground === 'auto') return foreground;
  throw new MetricsError(
    'invalid-option',
    `foregroundAbove is ${JSON.stringify(foreground)}`,
    "pass a number, or 'auto'",
  );
}

/** @throws MetricsError `not-finite`, with the index of the first offender */
export function checkFinite(array: Float32Array | Float64Array, argument: string): void {
  for (let i = 0; i < array.length; i++) {
    if (!Number.isFinite(array[i])) {
      throw new MetricsError(
        'not-finite',
        `${argument} holds ${String(array[i])} at index ${i}`,
        'replace NaN and Infinity before measuring; a model that gives NaN has diverged',
      );
    }
  }
}

function autoThreshold(mask: MaskArray, argument: string): number {
  const float = isFloatArray(mask);
  const grey = isByteArray(mask) ? 128 : 128 * 257;
  let max = 0;
  for (let i = 0; i < mask.length; i++) {
    const value = mask[i]!;
    if (value <= max) continue;
    if (!float && value > grey) return grey;
    max = value;
  }
  if (max <= 1) return float ? 0.5 : 0;
  throw new MetricsError(
    'ambiguous-mask',
    `${argument} has the largest value ${max}: neither a mask of 0 and 1 nor a grey mask on its full scale`,
    'pass foregroundAbove: values strictly above it are foreground (for labels 0, 1, 2 take one class at a time)',
  );
}
