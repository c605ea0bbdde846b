import { describe, expect, it } from 'vitest';
import { MetricsError, thresholdsOf } from '../src/index.js';
import { readGolden, type GoldenCurves } from './support/golden.js';

const golden = readGolden('cases') as { thresholds: { matlab: number[]; exact: number[] } };
const { models } = readGolden('published-curves') as { models: Record<string, GoldenCurves> };

/** 8-bit levels k / 255 that fall below their own threshold. */
function droppedLevels(thresholds: Float64Array): number[] {
  return [...thresholds]
    .map((threshold, i) => ((255 - i) / 255 < threshold ? 255 - i : -1))
    .filter((level) => level >= 0);
}

/** Thresholds, as levels, at which no further level is predicted: a curve over many images is flat there. */
function flatLevels(thresholds: Float64Array): number[] {
  const counts = [...thresholds].map(
    (threshold) => Array.from({ length: 256 }, (_, k) => k / 255).filter((v) => v >= threshold).length,
  );
  return counts.flatMap((count, i) => (i > 0 && count === counts[i - 1] ? [255 - i] : []));
}

describe('thresholdsOf', () => {
  it('is the golden vector bit for bit', () => {
    expect([...thresholdsOf('matlab')]).toEqual(golden.thresholds.matlab);
    expect([...thresholdsOf('exact')]).toEqual(golden.thresholds.exact);
  });

  it('drops the 14 levels that MATLAB drops, and none with the exact rule', () => {
    expect(droppedLevels(thresholdsOf('matlab'))).toEqual([
      251, 235, 219, 218, 203, 202, 187, 186, 171, 170, 155, 154, 139, 138,
    ]);
    expect(droppedLevels(thresholdsOf('exact'))).toEqual([]);
  });

  it("is flat exactly where the authors' published Dice curves are flat", () => {
    const dice = models['LungInfection-Test-1-mat/Inf-Net']!['column_Dic']!;
    const published = dice.flatMap((value, i) => (i > 0 && value === dice[i - 1] ? [255 - i] : []));
    expect(flatLevels(thresholdsOf('matlab'))).toEqual(published);
    expect(published).toEqual([251, 235, 219, 203, 187, 171, 155, 139]);
  });

  it('takes a strictly descending list and refuses others', () => {
    expect([...thresholdsOf([0.9, 0.5])]).toEqual([0.9, 0.5]);
    for (const bad of [[], [0.5, 0.9], [0.5, 0.5], [NaN], [Infinity, 0]]) {
      expect(() => thresholdsOf(bad)).toThrow(MetricsError);
    }
  });
});
