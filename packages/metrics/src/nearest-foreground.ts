import type { ByteMask } from './foreground.js';
import type { Shape } from './inputs.js';

/** For every pixel, the index of its nearest foreground pixel and the squared distance to it, in pixels. */
export interface NearestForeground {
  readonly index: Int32Array;
  readonly squaredDistance: Float64Array;
}

/**
 * Exact Euclidean distance transform with sources, O(pixels): nearest foreground row within each column, then the lower
 * envelope of one parabola per column along each row, all in whole numbers.
 *
 * Among equally near pixels the one in the smallest column wins, then the one in the smallest row. The mask must have
 * foreground.
 */
export function nearestForeground(mask: ByteMask, shape: Shape): NearestForeground {
  const rows = nearestRowInColumn(mask, shape);
  const { width, height } = shape;
  const index = new Int32Array(width * height);
  const squaredDistance = new Float64Array(width * height);
  const sites = new Int32Array(width); // columns on the envelope
  const starts = new Int32Array(width); // first x where each of them is nearest
  const heights = new Float64Array(width); // squared vertical distance within a column
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let top = -1;
    for (let column = 0; column < width; column++) {
      const source = rows[row + column]!;
      if (source < 0) continue;
      heights[column] = (source - y) ** 2;
      while (top >= 0 && overtakes(column, sites[top]!, starts[top]!, heights)) top--;
      const start = top < 0 ? 0 : lastColumnOf(sites[top]!, column, heights) + 1;
      if (start >= width) continue;
      top++;
      sites[top] = column;
      starts[top] = start;
    }
    for (let x = width - 1; x >= 0; x--) {
      while (starts[top]! > x) top--;
      const column = sites[top]!;
      index[row + x] = rows[row + column]! * width + column;
      squaredDistance[row + x] = (x - column) ** 2 + heights[column]!;
    }
  }
  return { index, squaredDistance };
}

/** True where `column` is strictly nearer than `site` already at the start of its range. */
function overtakes(column: number, site: number, start: number, heights: Float64Array): boolean {
  return (start - site) ** 2 + heights[site]! > (start - column) ** 2 + heights[column]!;
}

/** The last x at which `left` is at least as near as `right`. */
function lastColumnOf(left: number, right: number, heights: Float64Array): number {
  return Math.floor((right * right - left * left + heights[right]! - heights[left]!) / (2 * (right - left)));
}

/** Row of the nearest foreground pixel in the same column, the upper one of two; -1 where the column has none. */
function nearestRowInColumn(mask: ByteMask, { width, height }: Shape): Int32Array {
  const { bytes, above } = mask;
  const rows = new Int32Array(width * height);
  for (let x = 0; x < width; x++) {
    let upper = -1;
    for (let y = 0; y < height; y++) {
      const i = y * width + x;
      if (bytes[i]! > above) upper = y;
      rows[i] = upper;
    }
    let lower = -1;
    for (let y = height - 1; y >= 0; y--) {
      const i = y * width + x;
      if (bytes[i]! > above) lower = y;
      if (lower >= 0 && (rows[i]! < 0 || lower - y < y - rows[i]!)) rows[i] = lower;
    }
  }
  return rows;
}
