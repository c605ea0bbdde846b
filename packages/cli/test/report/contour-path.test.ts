import { describe, expect, it } from 'vitest';
import { contourPath } from '../../src/report/evaluation/contour-path.js';

describe('contour path', () => {
  it('joins the pieces around a square to one closed line', () => {
    const mask = Uint8Array.from({ length: 100 }, (_, i) => {
      const [x, y] = [i % 10, Math.floor(i / 10)];
      return x >= 3 && x < 7 && y >= 2 && y < 8 ? 255 : 0;
    });
    const path = contourPath(mask, 10, 10, 127.5);
    expect(path.match(/M/g)).toHaveLength(1);
    const points = path.slice(1).split('L');
    expect(points.at(-1)).toBe(points[0]);
    const xs = points.map((point) => Number(point.split(' ')[0]));
    expect([Math.min(...xs), Math.max(...xs)]).toEqual([3, 7]);
  });

  it('draws every lesion, also at the border, and nothing for nothing', () => {
    const mask = Uint8Array.of(255, 0, 255, 0, 0, 0, 255, 0, 255);
    expect(contourPath(mask, 3, 3, 127.5).match(/M/g)).toHaveLength(4);
    expect(contourPath(new Uint8Array(9), 3, 3, 127.5)).toBe('');
  });
});
