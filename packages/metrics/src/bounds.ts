import type { ByteMask } from './foreground.js';
import { isBlank, rowsInWords } from './mask-geometry.js';

/** First and last occupied column, row and slice; Infinity to -Infinity for an empty mask. */
export type Bounds = [x0: number, y0: number, z0: number, x1: number, y1: number, z1: number];

/** Bounding box of a mask's foreground. */
export function boundsOf({ bytes, above }: ByteMask, width: number, height: number): Bounds {
  const bounds: Bounds = [Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity];
  const words = rowsInWords(bytes, width);
  for (let row = 0, start = 0; start < bytes.length; row++, start += width) {
    let from = start;
    let to = start + width - 1;
    if (words) while (from + 16 <= to && isBlank(words, from >> 2)) from += 16;
    while (from <= to && bytes[from]! <= above) from++;
    if (from > to) continue;
    while (bytes[to]! <= above) to--;
    const y = row % height;
    const z = (row - y) / height;
    [from - start, y, z].forEach((first, axis) => (bounds[axis] = Math.min(bounds[axis]!, first)));
    [to - start, y, z].forEach((last, axis) => (bounds[axis + 3] = Math.max(bounds[axis + 3]!, last)));
  }
  return bounds;
}
