import { describe, expect, it } from 'vitest';
import { MetricsError } from '../../src/index.js';
import { bootstrapInterval } from '../../src/entry/stats.js';
import { randomGenerator } from '../support/random.js';

const VALUES = [0.31, 0.62, 0.45, 0.88, 0.71, 0.93, 0.12, 0.77, 0.81, 0.69, 0.58, 0.84];

describe('bootstrap interval of a mean', () => {
  // scipy.stats.bootstrap with 400,000 resamples; both are random, so the last digit is free.
  it.each([
    ['percentile', 0.5025, 0.76583],
    ['bca', 0.4825, 0.75333],
  ] as const)('%s, as scipy 1.10', (method, low, high) => {
    const interval = bootstrapInterval(VALUES, { method, resamples: 400_000, seed: 3 });
    expect(Math.abs(interval.low - low)).toBeLessThan(0.002);
    expect(Math.abs(interval.high - high)).toBeLessThan(0.002);
    expect(interval.value).toBeCloseTo(0.6425, 12);
    expect(interval).toMatchObject({ n: 12, excluded: 0, resampled: 'case', units: 12, level: 0.95 });
  });

  it('the same seed gives the same interval, another seed another', () => {
    const first = bootstrapInterval(VALUES, { seed: 5 });
    expect(bootstrapInterval(VALUES, { seed: 5 })).toEqual(first);
    expect(bootstrapInterval(VALUES, { seed: 6 }).low).not.toBe(first.low);
  });

  it('covers the true mean about as often as it says', () => {
    const random = randomGenerator(23);
    const covered = Array.from({ length: 300 }, (_, seed) => {
      const sample = Array.from({ length: 40 }, () => random() ** 0.5); // mean 2/3, skewed
      const { low, high } = bootstrapInterval(sample, { seed, level: 0.9, resamples: 1000 });
      return low <= 2 / 3 && high >= 2 / 3;
    }).filter(Boolean).length;
    expect(covered).toBeGreaterThan(300 * 0.83);
    expect(covered).toBeLessThan(300 * 0.96);
  });

  it('a higher level is wider, and scaling the values scales the interval', () => {
    const narrow = bootstrapInterval(VALUES, { level: 0.5 });
    const wide = bootstrapInterval(VALUES, { level: 0.99 });
    expect(wide.low).toBeLessThan(narrow.low);
    expect(wide.high).toBeGreaterThan(narrow.high);
    const scaled = bootstrapInterval(VALUES.map((value) => 4 * value));
    const plain = bootstrapInterval(VALUES);
    expect(scaled.low).toBeCloseTo(4 * plain.low, 12);
    expect(scaled.high).toBeCloseTo(4 * plain.high, 12);
  });
});

describe('clusters', () => {
  const random = randomGenerator(31);
  // Ten patients of eight slices each; slices of a patient are nearly alike.
  const values: number[] = [];
  const clusters: string[] = [];
  for (let patient = 0; patient < 10; patient++) {
    const level = random();
    for (let slice = 0; slice < 8; slice++) {
      values.push(level + 0.01 * random());
      clusters.push(`patient ${patient}`);
    }
  }

  it('slices of a patient are no independent evidence: the interval is wider by about the root of eight', () => {
    const byCase = bootstrapInterval(values);
    const byPatient = bootstrapInterval(values, { clusters });
    expect(byPatient).toMatchObject({ resampled: 'cluster', units: 10, n: 80 });
    expect(byPatient.value).toBe(byCase.value);
    const ratio = (byPatient.high - byPatient.low) / (byCase.high - byCase.low);
    expect(ratio).toBeGreaterThan(2.2);
    expect(ratio).toBeLessThan(3.6);
  });

  it('a cluster per case is the interval by case', () => {
    const own = values.map((_, i) => i);
    const { low, high } = bootstrapInterval(values);
    expect(bootstrapInterval(values, { clusters: own })).toMatchObject({ low, high });
  });
});

describe('edges', () => {
  it('undefined values are left out and counted', () => {
    const { value, n, excluded, low } = bootstrapInterval([...VALUES, NaN, NaN]);
    expect([n, excluded]).toEqual([12, 2]);
    expect(value).toBeCloseTo(0.6425, 12);
    expect(low).toBe(bootstrapInterval(VALUES).low);
  });

  it('one unit gives no interval, equal values a point, nothing NaN', () => {
    expect(bootstrapInterval([0.7])).toMatchObject({ value: 0.7, low: NaN, high: NaN });
    expect(bootstrapInterval([0.5, 0.7], { clusters: ['a', 'a'] })).toMatchObject({ low: NaN, units: 1 });
    expect(bootstrapInterval([0.5, 0.5])).toMatchObject({ low: 0.5, high: 0.5 });
    expect(bootstrapInterval([])).toMatchObject({ value: NaN, n: 0, low: NaN });
  });

  it.each([
    ['invalid-option', () => bootstrapInterval(VALUES, { level: 95 })],
    ['invalid-option', () => bootstrapInterval(VALUES, { resamples: 10 })],
    ['invalid-option', () => bootstrapInterval(VALUES, { resamples: 1e12 })],
    ['invalid-option', () => bootstrapInterval(VALUES, { seed: 0.5 })],
    ['invalid-option', () => bootstrapInterval(VALUES, { method: 'normal' as never })],
    ['length-mismatch', () => bootstrapInterval(VALUES, { clusters: ['a'] })],
    ['not-finite', () => bootstrapInterval([1, Infinity])],
  ])('%s', (code, act) => {
    expect(act).toThrow(MetricsError);
    expect(act).toThrow(expect.objectContaining({ code }));
  });
});
