import { describe, expect, it } from 'vitest';
import { DatasetEvaluator, MetricsError, type DatasetOptions } from '../../src/index.js';
import { compareSystems, holm, scoreInterval } from '../../src/entry/stats.js';
import { randomCase } from '../support/random.js';

const size = { width: 24, height: 20 };

function system(noise: number, ids: readonly number[], options: DatasetOptions = {}): DatasetEvaluator {
  const evaluator = new DatasetEvaluator(options);
  for (const id of ids) {
    const { prediction, groundTruth } = randomCase(id, 24, 20);
    const map = prediction.map((value, i) => ((i * 7 + id) % 10 < noise ? 255 - value : value));
    evaluator.add(`p${id % 3}-${id}`, map, groundTruth, size);
  }
  return evaluator;
}

const ids = Array.from({ length: 12 }, (_, i) => i);
const good = system(0, ids).summary();
const bad = system(2, ids.toReversed()).summary(); // another order: pairs go by id
const clusterOf = (id: string): string => id.split('-')[0]!;

describe('two systems', () => {
  it('are paired by id and differ by the difference of their means', () => {
    const { difference, permutation, wilcoxon, above, unpaired } = compareSystems(good, bad, 'diceAtHalf');
    expect(unpaired).toBe(0);
    expect(above).toBe(12);
    expect(difference.value).toBeCloseTo(good.scores.diceAtHalf.value - bad.scores.diceAtHalf.value, 12);
    expect(difference.low).toBeGreaterThan(0);
    expect(permutation).toMatchObject({ pValue: 2 / 2 ** 12, method: 'exact' });
    expect(wilcoxon).toMatchObject({ pValue: 2 / 2 ** 12, method: 'exact', rankBiserial: 1 });
  });

  it('with patients: three patients can say no more than p = 1/4', () => {
    const { difference, permutation, wilcoxon } = compareSystems(good, bad, 'diceAtHalf', { clusterOf });
    expect(difference).toMatchObject({ resampled: 'cluster', units: 3 });
    expect([permutation.pValue, wilcoxon.pValue]).toEqual([0.25, 0.25]);
  });

  it('cases of one system only are counted, not compared', () => {
    const part = system(2, ids.slice(0, 5)).summary();
    const { difference, unpaired } = compareSystems(good, part, 'meanDice');
    expect(unpaired).toBe(7);
    expect(difference.n).toBe(5);
  });

  it('a score that was not measured leaves nothing defined', () => {
    expect(compareSystems(good, bad, 'weightedF').difference).toMatchObject({ n: 0, excluded: 12 });
  });

  it('are refused when measured differently, or without rows', () => {
    const other = system(0, ids, { protocol: 'infnet' }).summary();
    expect(() => compareSystems(good, other, 'meanDice')).toThrow(
      expect.objectContaining({ code: 'definition-mismatch' }),
    );
    const slim = system(0, ids, { keepCases: false }).summary();
    expect(() => compareSystems(slim, slim, 'meanDice')).toThrow(MetricsError);
  });
});

describe('scoreInterval', () => {
  it('is the mean over cases', () => {
    const interval = scoreInterval(good, 'diceAtHalf', { clusterOf, seed: 4 });
    expect(interval).toMatchObject({ n: 12, resampled: 'cluster', units: 3, seed: 4 });
    expect(interval.value).toBeCloseTo(good.scores.diceAtHalf.value, 12);
  });
});

describe('holm', () => {
  it('by hand, in the order given', () => {
    expect(holm([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06]);
    expect(holm([0.5, 0.9])).toEqual([1, 1]);
    expect(holm([NaN, 0.02])).toEqual([NaN, 0.02]);
    expect(holm([])).toEqual([]);
  });
});
