import { describe, expect, it } from 'vitest';
import { MetricsError } from '../../src/index.js';
import { wilcoxonSignedRank, type Alternative } from '../../src/entry/stats.js';
import { randomGenerator } from '../support/random.js';
import { scipy, SCIPY_REASON, scipyPresent } from '../support/scipy.js';

/** Pairs without and with ties and zeros. */
const X = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
const Y = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
const TIED_A = [125, 115, 130, 140, 140, 115, 140, 125, 140, 135];
const TIED_B = [110, 122, 125, 120, 140, 124, 123, 137, 135, 145];

describe('exact', () => {
  it.each([
    ['two-sided', 0.0390625],
    ['greater', 0.01953125],
    ['less', 0.986328125],
  ] as const)('without ties, %s: as scipy', (alternative, wanted) => {
    const test = wilcoxonSignedRank(X, Y, { alternative });
    expect(test).toMatchObject({ method: 'exact', positiveRanks: 40, negativeRanks: 5, ties: false, n: 9 });
    expect(test.pValue).toBeCloseTo(wanted, 14);
    expect(test.z).toBeUndefined();
  });

  it.each([
    ['greater', 0.31640625],
    ['less', 0.705078125],
    ['two-sided', 0.6328125],
  ] as const)('with ties and a zero, %s: as counting all 512 sign assignments', (alternative, wanted) => {
    const test = wilcoxonSignedRank(TIED_A, TIED_B, { alternative });
    expect(test).toMatchObject({ positiveRanks: 27, negativeRanks: 18, ties: true, n: 10, equal: 1 });
    expect(test.pValue).toBeCloseTo(wanted, 14);
  });
});

describe('normal approximation, as scipy 1.10', () => {
  it.each<[Alternative, 'wilcoxon' | 'pratt', boolean, number]>([
    ['two-sided', 'wilcoxon', true, 0.6352893188352069],
    ['two-sided', 'wilcoxon', false, 0.5936305914425295],
    ['two-sided', 'pratt', true, 0.645818701677725],
    ['two-sided', 'pratt', false, 0.6096011155205022],
    ['greater', 'wilcoxon', true, 0.31764465941760345],
    ['greater', 'wilcoxon', false, 0.29681529572126475],
    ['greater', 'pratt', true, 0.3229093508388625],
    ['greater', 'pratt', false, 0.3048005577602511],
    ['less', 'wilcoxon', true, 0.7233656428900035],
    ['less', 'wilcoxon', false, 0.7031847042787353],
    ['less', 'pratt', true, 0.7128422405444547],
    ['less', 'pratt', false, 0.6951994422397489],
  ])('%s, zeros: %s, continuity: %s', (alternative, zeros, continuity, wanted) => {
    const test = wilcoxonSignedRank(TIED_A, TIED_B, { alternative, zeros, continuity, method: 'normal' });
    expect(test.method).toBe('normal');
    expect(Math.abs(test.pValue - wanted)).toBeLessThan(1e-12);
  });

  it.skipIf(!scipyPresent)(`random pairs with ties and zeros, both ways with zeros (${SCIPY_REASON})`, () => {
    const random = randomGenerator(11);
    const cases = Array.from({ length: 30 }, () => {
      const n = 12 + Math.floor(random() * 90);
      const draw = (): number[] => Array.from({ length: n }, () => Math.floor(random() * 12));
      return [draw(), draw()] as const;
    });
    const wanted = scipy(
      `[[stats.wilcoxon(a,b,zero_method=z,correction=True,method='approx').pvalue for z in ('wilcox','pratt')] for a,b in data]`,
      cases,
    ) as number[][];
    cases.forEach(([a, b], i) => {
      (['wilcoxon', 'pratt'] as const).forEach((zeros, j) => {
        const { pValue } = wilcoxonSignedRank(a, b, { zeros, method: 'normal' });
        expect(Math.abs(pValue - wanted[i]![j]!)).toBeLessThan(1e-12);
      });
    });
  });
});

describe('properties', () => {
  const random = randomGenerator(5);
  const a = Array.from({ length: 80 }, () => random());
  const b = Array.from(a, (value) => value - 0.05 + 0.2 * random());

  it('takes the normal approximation for many differences, near the exact answer', () => {
    const normal = wilcoxonSignedRank(a, b);
    const exact = wilcoxonSignedRank(a, b, { method: 'exact' });
    expect([normal.method, exact.method]).toEqual(['normal', 'exact']);
    expect(Math.abs(normal.pValue - exact.pValue)).toBeLessThan(5e-4);
  });

  it('swapping the systems swaps the ranks and the alternatives', () => {
    const forth = wilcoxonSignedRank(a, b, { alternative: 'less' });
    const back = wilcoxonSignedRank(b, a, { alternative: 'greater' });
    expect(back.positiveRanks).toBe(forth.negativeRanks);
    expect(back.rankBiserial).toBeCloseTo(-forth.rankBiserial, 14);
    expect(back.pValue).toBeCloseTo(forth.pValue, 12);
  });

  it('equal systems: p = 1 and no effect', () => {
    expect(wilcoxonSignedRank(a, a)).toMatchObject({ pValue: 1, rankBiserial: 0, equal: 80 });
  });

  it('a patient counts once: its differences are averaged', () => {
    const clusters = a.map((_, i) => Math.floor(i / 8));
    const means = (values: readonly number[]): number[] =>
      Array.from(
        { length: 10 },
        (_, c) => values.slice(8 * c, 8 * c + 8).reduce((sum, value) => sum + value) / 8,
      );
    const test = wilcoxonSignedRank(a, b, { clusters });
    expect(test.n).toBe(10);
    expect(test.pValue).toBeCloseTo(wilcoxonSignedRank(means(a), means(b)).pValue, 12);
  });

  it('leaves undefined pairs out, and counts them', () => {
    const test = wilcoxonSignedRank([...X, NaN, 1], [...Y, 2, NaN]);
    expect(test).toMatchObject({ n: 9, excluded: 2 });
    expect(test.pValue).toBeCloseTo(0.0390625, 14);
    expect(wilcoxonSignedRank([NaN], [1]).pValue).toBeNaN();
  });
});

describe('refusals', () => {
  it.each([
    ['length-mismatch', () => wilcoxonSignedRank([1, 2], [1])],
    ['length-mismatch', () => wilcoxonSignedRank([1, 2], [1, 3], { clusters: ['x'] })],
    ['not-finite', () => wilcoxonSignedRank([Infinity, 2], [1, 3])],
    ['invalid-option', () => wilcoxonSignedRank([1], [2], { zeros: 'split' as never })],
    ['invalid-option', () => wilcoxonSignedRank([1], [2], { method: 'guess' as never })],
    [
      'invalid-option',
      () => wilcoxonSignedRank(new Float64Array(501).fill(1), new Float64Array(501), { method: 'exact' }),
    ],
  ])('%s', (code, act) => {
    expect(act).toThrow(MetricsError);
    expect(act).toThrow(expect.objectContaining({ code, hint: expect.stringMatching(/\w{3}/) }));
  });
});
