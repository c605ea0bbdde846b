import { describe, expect, it } from 'vitest';
import { precisionRecallCurve, rocCurve, type PredictionArray } from '../src/index.js';
import { randomCase, randomGenerator } from './support/random.js';

const size = { width: 17, height: 13 };

/** Chance that a foreground pixel outranks a background pixel, ties counting half: every pair looked at. */
function pairwise(values: ArrayLike<number>, truth: Uint8Array): number {
  let [wins, pairs] = [0, 0];
  for (let i = 0; i < truth.length; i++) {
    for (let j = 0; j < truth.length; j++) {
      if (truth[i] === 0 || truth[j] === 1) continue;
      pairs++;
      wins += values[i]! > values[j]! ? 1 : values[i] === values[j] ? 0.5 : 0;
    }
  }
  return wins / pairs;
}

/** Mean precision at each hit, values without ties. */
function meanPrecisionAtHits(values: ArrayLike<number>, truth: Uint8Array): number {
  const order = [...truth.keys()].toSorted((a, b) => values[b]! - values[a]!);
  const hits = order.flatMap((pixel, rank) => (truth[pixel] === 1 ? [rank + 1] : []));
  return hits.reduce((sum, rank, i) => sum + (i + 1) / rank, 0) / hits.length;
}

describe('rocCurve', () => {
  it('has the area that counting pairs gives, ties included', () => {
    for (const seed of [1, 2, 3, 4]) {
      const { prediction, groundTruth } = randomCase(seed, size.width, size.height);
      const coarse = prediction.map((value) => value & 0xe0);
      const forms: PredictionArray[] = [
        prediction,
        coarse,
        Uint16Array.from(coarse),
        Float32Array.from(prediction, (v) => v / 255),
      ];
      for (const form of forms) {
        const { area, thresholds, truePositiveRate, falsePositiveRate } = rocCurve(form, groundTruth, size);
        expect(area).toBeCloseTo(pairwise(form as Uint8Array, groundTruth), 12);
        expect([truePositiveRate[0], falsePositiveRate[0], thresholds[0]]).toEqual([0, 0, Infinity]);
        expect([truePositiveRate.at(-1), falsePositiveRate.at(-1)]).toEqual([1, 1]);
        expect(thresholds).toHaveLength(new Set(form as Uint8Array).size + 1);
      }
    }
  });

  it('is not moved by stretching, and undefined without either class', () => {
    const { prediction, groundTruth } = randomCase(1, size.width, size.height);
    const options = { ...size, protocol: 'infnet' } as const;
    expect(rocCurve(prediction, groundTruth, options).area).toBe(
      rocCurve(prediction, groundTruth, size).area,
    );
    for (const value of [0, 1]) {
      const flat = new Uint8Array(groundTruth.length).fill(value);
      expect(rocCurve(prediction, flat, size).area).toBeNaN();
    }
    expect(rocCurve(prediction, groundTruth, size).definition.thresholds).toBe('every distinct value');
  });
});

describe('precisionRecallCurve', () => {
  it('has the average precision of its definition', () => {
    for (const seed of [1, 2, 3]) {
      const random = randomGenerator(seed);
      const { groundTruth } = randomCase(seed, size.width, size.height);
      const values = Float64Array.from(groundTruth, (g) => 0.3 * g + 0.7 * random());
      const curve = precisionRecallCurve(values, groundTruth, size);
      expect(curve.averagePrecision).toBeCloseTo(meanPrecisionAtHits(values, groundTruth), 12);
      expect(curve.recall.at(-1)).toBe(1);
      expect(curve.precision.at(-1)).toBeCloseTo(
        groundTruth.reduce((sum, g) => sum + g, 0) / groundTruth.length,
        14,
      );
      expect(curve.thresholds).toEqual(values.toSorted().toReversed());
    }
  });

  it('a perfect ranking has area 1, no foreground has none', () => {
    const { groundTruth } = randomCase(2, size.width, size.height);
    expect(precisionRecallCurve(Float32Array.from(groundTruth), groundTruth, size)).toMatchObject({
      averagePrecision: 1,
      area: 1,
    });
    const none = new Uint8Array(groundTruth.length);
    expect(precisionRecallCurve(groundTruth, none, size).averagePrecision).toBeNaN();
  });
});
