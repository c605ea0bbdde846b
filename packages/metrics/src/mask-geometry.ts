import type { ByteMask } from './foreground.js';
import type { Shape } from './inputs.js';

/** Size and centre of a mask's foreground. */
export interface MaskGeometry {
  /** Foreground pixels. */
  readonly foreground: number;
  /** Columns and rows of the left and the upper quadrants: the 1-based centroid, rounded half up. */
  readonly left: number;
  readonly top: number;
}

/** Quadrants, in the reference's order. */
export const QUADRANTS = 4;

/** One pass over the mask; skips empty words, so that a small lesion costs a quarter of the reads. */
export function maskGeometry(mask: ByteMask, { width, height }: Shape): MaskGeometry {
  const { bytes } = mask;
  const lift = 255 - mask.above; // (byte + lift) >> 8 is 1 exactly where byte > above
  const aligned = bytes.byteOffset % 4 === 0;
  const words = aligned
    ? new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2)
    : new Uint32Array(0);
  let foreground = 0;
  let columnSum = 0;
  let rowSum = 0;
  for (let y = 0; y < height; y++) {
    const start = y * width;
    const end = start + width;
    let inRow = 0;
    for (let i = start; i < end; i++) {
      if ((i & 3) === 0 && words[i >> 2] === 0) {
        i += 3;
        continue;
      }
      const inside = (bytes[i]! + lift) >> 8;
      inRow += inside;
      columnSum += inside * (i - start);
    }
    foreground += inRow;
    rowSum += inRow * y;
  }
  if (foreground === 0) return { foreground, left: Math.round(width / 2), top: Math.round(height / 2) };
  return {
    foreground,
    left: Math.round((columnSum + foreground) / foreground),
    top: Math.round((rowSum + foreground) / foreground),
  };
}

/** Calls `visit` for every run of pixels [from, to) that lies in one row and one quadrant, row by row. */
export function forEachRun(
  { width, height }: Shape,
  { left, top }: MaskGeometry,
  visit: (from: number, to: number, quadrant: number) => void,
): void {
  for (let y = 0; y < height; y++) {
    const start = y * width;
    const quadrant = y < top ? 0 : 2;
    visit(start, start + left, quadrant);
    visit(start + left, start + width, quadrant + 1);
  }
}
