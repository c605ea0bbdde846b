import { describe, expect, it } from 'vitest';
import { evaluateMap, meanAbsoluteError, structureMeasure, weightedFMeasure } from '../src/index.js';
import { predictionOf, inflate, readGolden, type GoldenCase } from './support/golden.js';
import { randomCase } from './support/random.js';

const { cases } = readGolden('cases') as { cases: readonly GoldenCase[] };
const size = { width: 30, height: 26 };

interface Classes {
  readonly onlyBackground: boolean;
  readonly onlyForeground: boolean;
}

/** Whether a score has a value for a ground truth of these classes. */
function isDue(name: string, { onlyBackground, onlyForeground }: Classes): boolean {
  if (/specificity/i.test(name)) return !onlyForeground;
  if (/mcc|kappa|balanced/i.test(name)) return !onlyForeground && !onlyBackground;
  return /structure|eMeasure|absolute|accuracy|brier|calibration/i.test(name) || !onlyBackground;
}

describe('standard protocol', () => {
  it('measures the map as it is: no stretching', () => {
    const { prediction, groundTruth } = randomCase(2, size.width, size.height);
    const faint = prediction.map((value) => value >> 2); // nothing reaches 0.5
    const { scores } = evaluateMap(faint, groundTruth, size);
    expect(scores.diceAtHalf).toBe(0);
    expect(
      evaluateMap(faint, groundTruth, { ...size, protocol: 'infnet' }).scores.diceAtHalf,
    ).toBeGreaterThan(0.5);
    expect(
      evaluateMap(faint, groundTruth, { ...size, stretch: 'min-max' }).scores.diceAtHalf,
    ).toBeGreaterThan(0.5);
  });

  it('specificity does not need a true positive', () => {
    const mask = Uint8Array.of(1, 0, 0, 0);
    const report = evaluateMap(Uint8Array.of(0, 255, 0, 0), mask, { width: 2, height: 2 });
    expect(report.scores.specificityAtHalf).toBe(2 / 3);
    const infnet = evaluateMap(Uint8Array.of(0, 255, 0, 0), mask, {
      width: 2,
      height: 2,
      protocol: 'infnet',
    });
    expect(infnet.scores.specificityAtHalf).toBe(0);
  });

  it('gives a number in 0..1 for every golden image where a number is due', () => {
    for (const golden of cases) {
      const shape = { width: golden.width, height: golden.height };
      const { scores } = evaluateMap(predictionOf(golden), inflate(golden.gt), {
        ...shape,
        stretch: 'min-max',
        foregroundAbove: 128,
        weightedF: true,
      });
      const onlyBackground = golden.gtPixels === 0;
      const onlyForeground = golden.gtPixels === golden.width * golden.height;
      for (const [name, value] of Object.entries(scores)) {
        const due = isDue(name, { onlyBackground, onlyForeground });
        expect([golden.name, name, Number.isNaN(value)]).toEqual([golden.name, name, !due]);
        expect(value).not.toBeLessThan(/mcc|kappa/i.test(name) ? -1 : 0);
        expect(value).not.toBeGreaterThan(1 + 1e-15);
      }
    }
  });

  it('a perfect map is perfect, and its mirror image measures the same', () => {
    for (const seed of [1, 2, 3]) {
      const { prediction, groundTruth } = randomCase(seed, size.width, size.height);
      const perfect = evaluateMap(Float32Array.from(groundTruth), groundTruth, {
        ...size,
        weightedF: true,
      }).scores;
      expect(perfect).toMatchObject({ diceAtHalf: 1, iouAtHalf: 1, maxDice: 1, meanAbsoluteError: 0 });
      for (const name of ['structureMeasure', 'eMeasureAtHalf', 'weightedF'] as const) {
        expect(perfect[name]).toBeCloseTo(1, 10);
      }
      const scores = evaluateMap(prediction, groundTruth, size).scores;
      const mirrored = evaluateMap(prediction.toReversed(), groundTruth.toReversed(), size).scores;
      expect(mirrored.meanDice).toBe(scores.meanDice);
      expect(mirrored.meanEMeasure).toBe(scores.meanEMeasure);
      expect(mirrored.meanAbsoluteError).toBeCloseTo(scores.meanAbsoluteError, 14);
    }
  });

  it('single measures agree with the report', () => {
    const { prediction, groundTruth } = randomCase(4, size.width, size.height);
    const { scores, structure } = evaluateMap(prediction, groundTruth, { ...size, weightedF: true });
    expect(meanAbsoluteError(prediction, groundTruth, size)).toBe(scores.meanAbsoluteError);
    expect(weightedFMeasure(prediction, groundTruth, size)).toBe(scores.weightedF);
    expect(structureMeasure(prediction, groundTruth, size)).toEqual({
      value: scores.structureMeasure,
      parts: structure,
    });
  });

  it('weighted F of an empty ground truth follows the policy', () => {
    const none = new Uint8Array(4);
    const shape = { width: 2, height: 2 };
    expect(weightedFMeasure(none, none, shape)).toBeNaN();
    expect(weightedFMeasure(none, none, { ...shape, empty: 'one-zero' })).toBe(1);
    expect(weightedFMeasure(Uint8Array.of(9, 0, 0, 0), none, { ...shape, empty: 'one-zero' })).toBe(0);
  });
});
