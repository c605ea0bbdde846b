import { describe, expect, it } from 'vitest';
import { gateScores } from '../../src/gate/gate-scores.js';

describe('gateScores', () => {
  it('counts slices at 0.5 and pairs in the right order', () => {
    const scores = gateScores(Float32Array.of(0.9, 0.6, 0.4, 0.7, 0.1, 0.2), [
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(scores.sensitivity).toBeCloseTo(2 / 3, 12);
    expect(scores.specificity).toBeCloseTo(2 / 3, 12);
    expect(scores.falseArea).toBeCloseTo(1 / 3, 12);
    expect(scores.dice).toBeCloseTo(2 / 3, 12); // 2 right of 3 called and 3 that are
    expect(scores.auc).toBeCloseTo(7 / 9, 12);
    expect(scores.slices).toBe(3);
  });

  it('is perfect where the kinds are apart, and says what it cannot know', () => {
    expect(gateScores(Float32Array.of(0.9, 0.1), [true, false])).toMatchObject({ auc: 1, dice: 1 });
    expect(gateScores(Float32Array.of(0.5, 0.5), [true, false]).auc).toBe(0.5);
    expect(gateScores(Float32Array.of(0.9, 0.8), [true, true])).toMatchObject({
      auc: null,
      specificity: null,
      falseArea: null,
    });
  });
});
