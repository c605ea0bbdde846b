import { LossError } from './errors.js';

/**
 * Signed distance of each pixel to the boundary of a mask, for `surfaceLoss`: in pixels, negative inside. The boundary runs
 * half-way between pixels, so the nearest distances are −½ and ½; distances are Euclidean and exact (Felzenszwalb and
 * Huttenlocher, Theory of Computing 8, 2012). 0 everywhere where there is no boundary: in an empty mask and in a full one.
 *
 * @param mask row-major, in [0,1]; inside from 0.5 on
 * @throws {LossError} unless there is a value for each pixel.
 *
 * @example
 * ```ts
 * import { signedDistance } from '@infnet/losses';
 *
 * console.log(signedDistance([0, 0, 1, 1, 1], 5, 1).join(' ')); // 1.5 0.5 -0.5 -1.5 -2.5
 * ```
 */
export function signedDistance(mask: ArrayLike<number>, width: number, height: number): Float32Array {
  if (mask.length !== width * height) {
    throw new LossError(
      'invalid-shape',
      `the mask has ${mask.length} values, not ${width} x ${height}`,
      'give one value for each pixel, row by row',
    );
  }
  const inside = Uint8Array.from(mask, (value) => (value >= 0.5 ? 1 : 0));
  const count = inside.reduce((sum, value) => sum + value, 0);
  if (count === 0 || count === inside.length) return new Float32Array(inside.length);
  const towards = distances(inside, 1, width, height);
  const away = distances(inside, 0, width, height);
  return towards.map((out, i) => (out > 0 ? out - 0.5 : 0.5 - (away[i] as number)));
}

/** Distance of each pixel to the nearest one of a value, between their centres; there is one. */
function distances(values: Uint8Array, wanted: number, width: number, height: number): Float32Array {
  const squares = columnSquares(values, wanted, width, height);
  const result = new Float32Array(values.length);
  for (let begin = 0; begin < values.length; begin += width) {
    const row = squares.subarray(begin, begin + width);
    result.set(lowerEnvelope(row).map(Math.sqrt), begin);
  }
  return result;
}

/** Squared distance of each pixel to the nearest one of a value in its column; more than any in the picture where none is. */
function columnSquares(values: Uint8Array, wanted: number, width: number, height: number): Float64Array {
  const squares = new Float64Array(values.length);
  const far = width + height;
  for (let x = 0; x < width; x++) {
    let gap = far;
    for (let y = 0, i = x; y < height; y++, i += width) {
      gap = values[i] === wanted ? 0 : Math.min(gap + 1, far);
      squares[i] = gap ** 2;
    }
    gap = far;
    for (let y = height - 1, i = x + y * width; y >= 0; y--, i -= width) {
      gap = values[i] === wanted ? 0 : Math.min(gap + 1, far);
      squares[i] = Math.min(squares[i] as number, gap ** 2);
    }
  }
  return squares;
}

/** At each x, the least of `(x − q)² + heights[q]` over all q: the lowest of the parabolas that stand at the q. */
function lowerEnvelope(heights: Float64Array): Float64Array {
  const apexes: number[] = [];
  const starts: number[] = [];
  const at = (q: number): number => heights[q] as number;
  for (let q = 0; q < heights.length; q++) {
    let start = -Infinity;
    for (;;) {
      const before = apexes.at(-1);
      if (before === undefined) break;
      start = (at(q) + q ** 2 - at(before) - before ** 2) / (2 * (q - before));
      if (start > (starts.at(-1) as number)) break;
      apexes.pop();
      starts.pop();
      start = -Infinity;
    }
    apexes.push(q);
    starts.push(start);
  }
  let lowest = 0;
  return heights.map((_, x) => {
    while ((starts[lowest + 1] ?? Infinity) < x) lowest++;
    const apex = apexes[lowest] as number;
    return (x - apex) ** 2 + at(apex);
  });
}
