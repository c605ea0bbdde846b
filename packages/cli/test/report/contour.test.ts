import { describe, expect, it } from 'vitest';
import { contourLines } from '../../src/report/browser/contour.js';

/** Length of all pieces together. */
function lengthOf(lines: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < lines.length; i += 4) {
    sum += Math.hypot(lines[i + 2]! - lines[i]!, lines[i + 3]! - lines[i + 1]!);
  }
  return sum;
}

/** How many pieces end in each point. */
function endsOf(lines: readonly number[]): number[] {
  const ends = new Map<string, number>();
  for (let i = 0; i < lines.length; i += 2) {
    const key = `${lines[i]!.toFixed(6)},${lines[i + 1]!.toFixed(6)}`;
    ends.set(key, (ends.get(key) ?? 0) + 1);
  }
  return [...ends.values()];
}

describe('contour', () => {
  it('is empty where nothing reaches the level', () => {
    expect(contourLines(new Uint8Array(12), 4, 3, 1)).toEqual([]);
  });

  it('of one pixel is a diamond round its centre', () => {
    const values = new Uint8Array(9);
    values[4] = 255;
    const lines = contourLines(values, 3, 3, 127.5);
    expect(lines).toHaveLength(4 * 4);
    for (let i = 0; i < lines.length; i += 2) {
      expect(Math.abs(lines[i]! - 1.5) + Math.abs(lines[i + 1]! - 1.5)).toBeCloseTo(0.5, 12);
    }
  });

  it('of a disc has the length of its circle', () => {
    const [side, radius] = [64, 20];
    const values = Float32Array.from({ length: side * side }, (_, i) => {
      const distance = Math.hypot((i % side) + 0.5 - 32, Math.floor(i / side) + 0.5 - 32);
      return Math.max(0, 1 - distance / (2 * radius));
    });
    expect(lengthOf(contourLines(values, side, side, 0.5))).toBeCloseTo(2 * Math.PI * radius, 0);
  });

  it('closes: every point is the end of an even number of pieces, at the border too', () => {
    let state = 7;
    const noise = (): number => (state = (state * 48_271) % 2_147_483_647) % 256;
    for (let round = 0; round < 20; round++) {
      const values = Uint8Array.from({ length: 81 }, noise);
      const ends = endsOf(contourLines(values, 9, 9, 130.5));
      expect(ends.every((count) => count % 2 === 0)).toBe(true);
    }
  });
});
