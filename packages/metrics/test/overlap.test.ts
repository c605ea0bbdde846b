import { describe, expect, it } from 'vitest';
import { overlap } from '../src/overlap.js';
import { randomGenerator } from './support/random.js';

/** Textbook forms, from the four cells of the table. */
function textbook(tp: number, fp: number, fn: number, tn: number): Record<string, number> {
  const n = tp + fp + fn + tn;
  const [sensitivity, specificity, precision] = [tp / (tp + fn), tn / (tn + fp), tp / (tp + fp)];
  const chance = ((tp + fp) * (tp + fn) + (fn + tn) * (fp + tn)) / n ** 2;
  return {
    dice: (2 * tp) / (2 * tp + fp + fn),
    iou: tp / (tp + fp + fn),
    precision,
    sensitivity,
    specificity,
    accuracy: (tp + tn) / n,
    balancedAccuracy: (sensitivity + specificity) / 2,
    mcc: (tp * tn - fp * fn) / Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)),
    kappa: ((tp + tn) / n - chance) / (1 - chance),
    fBeta: (1.3 * precision * sensitivity) / (0.3 * precision + sensitivity),
  };
}

const countsOf = (tp: number, fp: number, fn: number, tn: number) => ({
  truePositives: tp,
  predicted: tp + fp,
  foreground: tp + fn,
  pixels: tp + fp + fn + tn,
});

describe('overlap', () => {
  it('equals the textbook forms', () => {
    const random = randomGenerator(11);
    for (let run = 0; run < 300; run++) {
      const cells = [0, 0, 0, 0].map(() => 1 + Math.floor(random() ** 4 * 1e5)) as [
        number,
        number,
        number,
        number,
      ];
      const measured = overlap(countsOf(...cells), 'nan');
      for (const [name, value] of Object.entries(textbook(...cells))) {
        expect(measured[name as keyof typeof measured]).toBeCloseTo(value, 11);
      }
    }
  });

  it('keeps mcc in range for volumes of 1e9 voxels', () => {
    expect(overlap(countsOf(1e8, 0, 0, 9e8), 'nan').mcc).toBeCloseTo(1, 12);
    expect(overlap(countsOf(0, 5e8, 5e8, 0), 'nan').mcc).toBeCloseTo(-1, 12);
  });

  it.each([
    ['nan', [NaN, NaN, NaN], [NaN, NaN, NaN]],
    ['one-zero', [1, 1, 1], [0, 0, (0 + 7 / 10) / 2]],
    ['reference', [0, 0, 0], [0, 0, 0]],
  ] as const)('an empty ground truth under %s', (policy, agreeing, other) => {
    const both = overlap(countsOf(0, 0, 0, 10), policy);
    expect([both.mcc, both.kappa, both.balancedAccuracy]).toEqual(agreeing);
    const alarm = overlap(countsOf(0, 3, 0, 7), policy);
    expect([alarm.mcc, alarm.kappa, alarm.balancedAccuracy]).toEqual(other);
    expect([both.accuracy, alarm.accuracy]).toEqual([1, 0.7]);
  });

  it('a prediction without contrast is no better than chance', () => {
    expect(overlap(countsOf(0, 0, 4, 6), 'nan')).toMatchObject({ mcc: 0, kappa: 0, balancedAccuracy: 0.5 });
    expect(overlap(countsOf(4, 6, 0, 0), 'nan')).toMatchObject({ mcc: 0, kappa: 0, balancedAccuracy: 0.5 });
  });
});
