import { contourLines } from '../browser/contour.js';

/** The outline of a mask or map at `level` as an SVG path, pieces joined end to end. */
export function contourPath(values: ArrayLike<number>, width: number, height: number, level: number): string {
  const lines = contourLines(values, width, height, level);
  /** Pieces by each of their ends. */
  const byEnd = new Map<string, number[]>();
  const endOf = (piece: number, end: 0 | 1): string =>
    `${tenths(lines[4 * piece + 2 * end]!)} ${tenths(lines[4 * piece + 2 * end + 1]!)}`;
  const pieces = lines.length / 4;
  for (let piece = 0; piece < pieces; piece++) {
    for (const end of [0, 1] as const) {
      const key = endOf(piece, end);
      byEnd.set(key, [...(byEnd.get(key) ?? []), piece]);
    }
  }
  const used = new Uint8Array(pieces);
  let path = '';
  for (let start = 0; start < pieces; start++) {
    if (used[start] === 1) continue;
    used[start] = 1;
    path += `M${endOf(start, 0)}L${endOf(start, 1)}`;
    let at = endOf(start, 1);
    for (;;) {
      const next = byEnd.get(at)!.find((piece) => used[piece] === 0);
      if (next === undefined) break;
      used[next] = 1;
      at = endOf(next, 0) === at ? endOf(next, 1) : endOf(next, 0);
      path += `L${at}`;
    }
  }
  return path;
}

function tenths(value: number): number {
  return Math.round(10 * value) / 10;
}
