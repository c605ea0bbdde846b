import { describe, expect, it } from 'vitest';
import { DatasetEvaluator, isBetterHigh, SCORE_NAMES, worstCases } from '../src/index.js';
import { randomCase } from './support/random.js';

const size = { width: 24, height: 20 };
const evaluator = new DatasetEvaluator();
for (let seed = 0; seed < 9; seed++) {
  const { prediction, groundTruth } = randomCase(seed, 24, 20);
  evaluator.add(`case ${seed}`, prediction, seed === 4 ? groundTruth.fill(0) : groundTruth, size);
}
const summary = evaluator.summary();

describe('worst cases', () => {
  it('come worst first; undefined ones do not come', () => {
    const worst = worstCases(summary, { limit: 100 });
    const values = worst.map(({ scores }) => scores.diceAtHalf);
    expect(values).toHaveLength(8);
    expect(values).toEqual(values.toSorted((a, b) => a - b));
    expect(worstCases(summary, { limit: 3 })).toEqual(worst.slice(0, 3));
  });

  it('by an error are those where it is largest', () => {
    const [first] = worstCases(summary, { score: 'meanAbsoluteError' });
    expect(first!.scores.meanAbsoluteError).toBe(
      Math.max(...summary.rows.map(({ scores }) => scores.meanAbsoluteError)),
    );
    expect(SCORE_NAMES.filter((name) => !isBetterHigh(name))).toContain('meanAbsoluteError');
  });

  it.each([{ score: 'dice' as never }, { limit: -1 }, { limit: 1.5 }])('refuses %j', (options) => {
    expect(() => worstCases(summary, options)).toThrow(expect.objectContaining({ code: 'invalid-option' }));
  });
});
