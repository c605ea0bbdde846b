import { describe, expect, it } from 'vitest';
import { Random } from '../src/index.js';
import { overlap } from '../src/validation.js';

/** Straight from the definitions, one threshold after the other. */
function byDefinition(map: Float32Array, mask: Uint8Array): ReturnType<typeof overlap> {
  const truth = Array.from(mask, (value) => value >= 128);
  const dice = (marked: boolean[]): number =>
    (2 * marked.filter((is, i) => is && truth[i]).length) /
    (marked.filter(Boolean).length + truth.filter(Boolean).length);
  const low = Math.min(...map);
  const span = Math.max(...map) - low;
  let meanDice = 0;
  for (let k = 0; k < 256; k++) {
    meanDice += dice(Array.from(map, (p) => 255 * ((p - low) / span) >= k)) / 256;
  }
  const product = map.reduce((sum, p, i) => sum + (truth[i] ? p : 0), 0);
  const softDice = (2 * product) / (map.reduce((sum, p) => sum + p, 0) + truth.filter(Boolean).length);
  return { meanDice, dice: dice(Array.from(map, (p) => p >= 0.5)), softDice };
}

describe('overlap', () => {
  it('agrees with the definitions', () => {
    const random = Random.of('overlap');
    for (let trial = 0; trial < 20; trial++) {
      const map = Float32Array.from({ length: 200 }, () => random.uniform(0.1, 0.8));
      const mask = Uint8Array.from({ length: 200 }, (_, i) => (i < 3 || random.uniform() < 0.2 ? 255 : 60));
      const expected = byDefinition(map, mask);
      const actual = overlap(map, mask);
      expect(actual.meanDice).toBeCloseTo(expected.meanDice, 10);
      expect(actual.dice).toBeCloseTo(expected.dice, 10);
      expect(actual.softDice).toBeCloseTo(expected.softDice, 6);
    }
  });

  it('is 1 for the mask itself but at threshold 0, and finite for a constant map', () => {
    const mask = Uint8Array.of(255, 0, 0, 255);
    expect(overlap(Float32Array.of(1, 0, 0, 1), mask)).toEqual({
      meanDice: (255 + 2 / 3) / 256,
      dice: 1,
      softDice: 1,
    });
    expect(overlap(new Float32Array(4), mask)).toMatchObject({ dice: 0, softDice: 0 });
    expect(overlap(new Float32Array(4).fill(1), mask).meanDice).toBeCloseTo(2 / 3, 12);
  });
});
