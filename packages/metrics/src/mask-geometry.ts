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

/** One pass over the mask, four pixels at a time where the rows allow it; empty words cost a single read. */
export function maskGeometry(mask: ByteMask, { width, height }: Shape): MaskGeometry {
  const { bytes } = mask;
  const lift = 255 - mask.above; // (byte + lift) >> 8 is 1 exactly where byte > above
  const ones = mask.above === 0 ? 0x01010101 : -1; // -1: four times 255, which is always foreground
  const words = rowsInWords(bytes, width);
  let foreground = 0;
  let columnSum = 0;
  let rowSum = 0;
  for (let y = 0; y < height; y++) {
    const start = y * width;
    let inRow = 0;
    if (words) {
      for (let word = start >> 2, x = 0; x < width; word++, x += 4) {
        const four = words[word]!;
        if (four === 0) {
          while (x + 16 < width && isBlank(words, word + 1)) {
            word += 4;
            x += 16;
          }
          continue;
        }
        if (four === -1 || four === ones) {
          inRow += 4;
          columnSum += 4 * x + 6;
          continue;
        }
        const a = ((four & 255) + lift) >> 8;
        const b = (((four >> 8) & 255) + lift) >> 8;
        const c = (((four >> 16) & 255) + lift) >> 8;
        const d = ((four >>> 24) + lift) >> 8;
        const inside = a + b + c + d;
        inRow += inside;
        columnSum += inside * x + b + 2 * c + 3 * d;
      }
    } else {
      for (let x = 0; x < width; x++) {
        const inside = (bytes[start + x]! + lift) >> 8;
        inRow += inside;
        columnSum += inside * x;
      }
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

/** The same memory four bytes at a time, if every row starts on a word. */
export function rowsInWords(bytes: Uint8Array, width: number): Int32Array | undefined {
  if (bytes.byteOffset % 4 !== 0 || width % 4 !== 0) return undefined;
  return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
}

/** True where four words from `word` on are 0. */
export function isBlank(words: Int32Array, word: number): boolean {
  return (words[word]! | words[word + 1]! | words[word + 2]! | words[word + 3]!) === 0;
}
