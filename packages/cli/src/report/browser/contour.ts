/**
 * Lines along which a map crosses `level`, by marching squares with linear interpolation.
 *
 * Values sit at pixel centres; outside the map everything is 0, so that every contour closes.
 *
 * @returns x0, y0, x1, y1 of each piece, in pixels (0 = left edge of the first pixel)
 */
export function contourLines(
  values: ArrayLike<number>,
  width: number,
  height: number,
  level: number,
): number[] {
  const at = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= width || y >= height ? 0 : values[y * width + x]!;
  const lines: number[] = [];
  for (let y = -1; y < height; y++) {
    for (let x = -1; x < width; x++) {
      const [a, b, c, d] = [at(x, y), at(x + 1, y), at(x + 1, y + 1), at(x, y + 1)] as const;
      const kind = (a >= level ? 8 : 0) | (b >= level ? 4 : 0) | (c >= level ? 2 : 0) | (d >= level ? 1 : 0);
      if (kind === 0 || kind === 15) continue;
      const left = x + 0.5;
      const top = y + 0.5;
      const crossing = {
        top: [left + share(a, b, level), top],
        right: [left + 1, top + share(b, c, level)],
        bottom: [left + share(d, c, level), top + 1],
        left: [left, top + share(a, d, level)],
      } as const;
      for (const [from, to] of PIECES[kind]!) lines.push(...crossing[from], ...crossing[to]);
    }
  }
  return lines;
}

type Side = 'top' | 'right' | 'bottom' | 'left';

/** Sides joined in each case but the last, all above; bits: top left 8, top right 4, bottom right 2, bottom left 1. */
const PIECES: readonly (readonly (readonly [Side, Side])[])[] = [
  [],
  [['left', 'bottom']],
  [['bottom', 'right']],
  [['left', 'right']],
  [['top', 'right']],
  [
    ['left', 'top'],
    ['bottom', 'right'],
  ],
  [['top', 'bottom']],
  [['left', 'top']],
  [['left', 'top']],
  [['top', 'bottom']],
  [
    ['top', 'right'],
    ['left', 'bottom'],
  ],
  [['top', 'right']],
  [['left', 'right']],
  [['bottom', 'right']],
  [['left', 'bottom']],
  [],
];

/** Where between two values the level lies. */
function share(from: number, to: number, level: number): number {
  return from === to ? 0.5 : (level - from) / (to - from);
}
