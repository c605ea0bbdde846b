import { describe, expect, it } from 'vitest';
import { MetricsError } from '../../src/index.js';
import { pairedPermutationTest } from '../../src/entry/stats.js';
import { randomGenerator } from '../support/random.js';

const X = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
const Y = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
const TIED_A = [125, 115, 130, 140, 140, 115, 140, 125, 140, 135];
const TIED_B = [110, 122, 125, 120, 140, 124, 123, 137, 135, 145];

describe("exact, as scipy 1.10's permutation_test over all assignments", () => {
  it.each([
    [X, Y, 'two-sided', 0.02734375],
    [X, Y, 'greater', 0.013671875],
    [X, Y, 'less', 0.98828125],
    [TIED_A, TIED_B, 'two-sided', 0.54296875],
    [TIED_A, TIED_B, 'greater', 0.271484375],
    [TIED_A, TIED_B, 'less', 0.73828125],
  ] as const)('%j against %j, %s', (a, b, alternative, wanted) => {
    const test = pairedPermutationTest(a, b, { alternative });
    expect(test.method).toBe('exact');
    expect(test.pValue).toBe(wanted);
  });

  it('by hand: three differences of one sign, 2 of 8 assignments are as extreme', () => {
    expect(pairedPermutationTest([1, 2, 3], [0, 0, 0])).toMatchObject({
      pValue: 0.25,
      meanDifference: 2,
      permutations: 8,
      n: 3,
    });
  });
});

describe('Monte Carlo', () => {
  const random = randomGenerator(3);
  const b = Array.from({ length: 40 }, () => random());
  const a = b.map((value) => value + 0.25 * (random() - 0.42));

  it('is seeded, never 0, and agrees with the normal theory of the sum', () => {
    const first = pairedPermutationTest(a, b, { seed: 7 });
    expect(first).toMatchObject({ method: 'monte-carlo', permutations: 100_000, seed: 7, n: 40 });
    expect(pairedPermutationTest(a, b, { seed: 7 })).toEqual(first);
    expect(pairedPermutationTest(a, b, { seed: 8 }).pValue).not.toBe(first.pValue);
    const differences = a.map((value, i) => value - b[i]!);
    const z =
      differences.reduce((sum, d) => sum + d, 0) / Math.sqrt(differences.reduce((sum, d) => sum + d * d, 0));
    // 2 * P(Z > |z|), by the logistic approximation of Bowling et al., good to 1.4e-4.
    const normal = 2 / (1 + Math.exp(0.07056 * Math.abs(z) ** 3 + 1.5976 * Math.abs(z)));
    expect(Math.abs(first.pValue - normal)).toBeLessThan(0.01);
    const far = pairedPermutationTest(
      b.map((value) => value + 1),
      b,
      { permutations: 100 },
    );
    expect(far.pValue).toBe(1 / 101);
  });

  it('holds its level: about 5 % of true null hypotheses fall below 0.05', () => {
    const generator = randomGenerator(19);
    const noise = (): number[] => Array.from({ length: 20 }, () => generator() ** 2);
    const rejected = Array.from({ length: 400 }, (_, seed) =>
      pairedPermutationTest(noise(), noise(), { seed, permutations: 400 }),
    ).filter(({ pValue }) => pValue <= 0.05).length;
    expect(rejected).toBeGreaterThan(6);
    expect(rejected).toBeLessThan(36);
  });
});

describe('clusters', () => {
  it('change sides together: as many assignments as patients', () => {
    const test = pairedPermutationTest([1, 2, 3, 4], [0, 0, 0, 0], { clusters: ['p', 'p', 'q', 'q'] });
    expect(test).toMatchObject({ pValue: 0.5, units: 2, exchanged: 'cluster', permutations: 4 });
    // Sums 3 and 7: of +-3 +-7 two of four are as far out as 10.
  });

  it('of one case each change nothing', () => {
    const clusters = X.map((_, i) => `case ${i}`);
    expect(pairedPermutationTest(X, Y, { clusters }).pValue).toBe(pairedPermutationTest(X, Y).pValue);
  });
});

describe('edges', () => {
  it('equal systems: p = 1; nothing defined: NaN', () => {
    expect(pairedPermutationTest(X, X)).toMatchObject({ pValue: 1, meanDifference: 0 });
    expect(pairedPermutationTest([NaN], [1]).pValue).toBeNaN();
    expect(pairedPermutationTest([NaN, 1], [1, 0])).toMatchObject({ n: 1, excluded: 1, pValue: 1 });
  });

  it.each([
    ['length-mismatch', () => pairedPermutationTest([1], [])],
    ['not-finite', () => pairedPermutationTest([Infinity], [0])],
    ['invalid-option', () => pairedPermutationTest([1], [0], { alternative: 'up' as never })],
    ['invalid-option', () => pairedPermutationTest([1], [0], { permutations: 1.5 })],
    ['invalid-option', () => pairedPermutationTest([1], [0], { seed: -1 })],
  ])('%s', (code, act) => {
    expect(act).toThrow(MetricsError);
    expect(act).toThrow(expect.objectContaining({ code }));
  });
});
