import { describe, expect, it } from 'vitest';
import { MetricsError } from '../../src/index.js';
import { frocCurve, lesionCandidates, type FrocCase } from '../../src/entry/lesions.js';
import { randomGenerator } from '../support/random.js';

function randomCases(seed: number): FrocCase[] {
  const random = randomGenerator(seed);
  return Array.from({ length: 6 }, () => {
    const lesions = Math.floor(random() * 4);
    const candidates = Array.from({ length: Math.floor(random() * 9) }, () => ({
      score: Math.round(random() * 10) / 10,
      lesions: lesions > 0 && random() < 0.5 ? [1 + Math.floor(random() * lesions)] : [],
    }));
    return { lesions, candidates };
  });
}

describe('frocCurve', () => {
  it('equals counting at every threshold', () => {
    for (let seed = 0; seed < 20; seed++) {
      const cases = randomCases(seed);
      const total = cases.reduce((sum, { lesions }) => sum + lesions, 0);
      const curve = frocCurve(cases);
      curve.thresholds.forEach((threshold, i) => {
        const kept = cases.map(({ candidates }) => candidates.filter(({ score }) => score >= threshold));
        const alarms = kept.flat().filter(({ lesions }) => lesions.length === 0).length;
        const hits = kept.reduce(
          (sum, some) => sum + new Set(some.flatMap(({ lesions }) => lesions)).size,
          0,
        );
        expect(curve.falsePositivesPerCase[i]).toBeCloseTo(alarms / cases.length, 14);
        expect(curve.sensitivity[i]).toBeCloseTo(hits / total, 14);
      });
      expect(new Set(curve.thresholds).size).toBe(curve.thresholds.length);
    }
  });

  it('reads sensitivity and area off the steps', () => {
    const hit = (lesion: number, score: number) => ({ score, lesions: [lesion] });
    const alarm = (score: number) => ({ score, lesions: [] });
    const one: FrocCase = {
      lesions: 4,
      candidates: [hit(1, 0.9), alarm(0.8), hit(2, 0.7), hit(2, 0.65), alarm(0.6)],
    };
    const froc = frocCurve([one], { rates: [0.5, 1, 2, 4] });
    expect(froc.sensitivityAtRates).toEqual([0.25, 0.5, 0.5, 0.5]);
    expect(froc.meanSensitivity).toBe(0.4375);
    expect(froc.area).toBe((0.25 + 3 * 0.5) / 4);
  });

  it('finding everything before any alarm is perfect; no lesion at all leaves nothing to find', () => {
    const perfect = frocCurve([{ lesions: 1, candidates: [{ score: 1, lesions: [1] }] }]);
    expect([perfect.area, perfect.meanSensitivity]).toEqual([1, 1]);
    const healthy = frocCurve([{ lesions: 0, candidates: [{ score: 1, lesions: [] }] }]);
    expect([healthy.area, healthy.meanSensitivity]).toEqual([NaN, NaN]);
    expect(frocCurve([{ lesions: 2, candidates: [] }])).toMatchObject({ area: 0, meanSensitivity: 0 });
  });

  it.each<[string, string, () => unknown]>([
    ['not-finite', 'case 0', () => frocCurve([{ lesions: 1, candidates: [{ score: NaN, lesions: [] }] }])],
    ['out-of-range', 'lesion 2', () => frocCurve([{ lesions: 1, candidates: [{ score: 1, lesions: [2] }] }])],
    ['invalid-option', 'rates', () => frocCurve([], { rates: [2, 1] })],
    ['invalid-option', 'rates', () => frocCurve([], { rates: [] })],
  ])('refuses %s: %s', (code, message, act) => {
    expect(act).toThrow(MetricsError);
    expect(act).toThrow(message);
    expect(act).toThrow(expect.objectContaining({ code }));
  });
});

describe('lesionCandidates', () => {
  const size = { width: 7, height: 1 };
  const groundTruth = Uint8Array.of(1, 1, 0, 1, 0, 0, 0);

  it('scores 8-bit and float maps alike', () => {
    const bytes = Uint8Array.of(255, 204, 153, 153, 0, 102, 204);
    const floats = Float32Array.from(bytes, (value) => value / 255);
    for (const map of [bytes, floats]) {
      const { lesions, candidates } = lesionCandidates(map, groundTruth, { ...size, threshold: 0.3 });
      expect(lesions).toBe(2);
      expect(candidates.map((candidate) => candidate.lesions)).toEqual([[1, 2], []]);
      expect(candidates.map(({ score }) => score.toFixed(6))).toEqual(['1.000000', '0.800000']);
      const mean = lesionCandidates(map, groundTruth, { ...size, threshold: 0.3, score: 'mean' });
      expect(mean.candidates.map(({ score }) => score.toFixed(6))).toEqual(['0.750000', '0.600000']);
    }
  });

  it('takes 64-bit integers', () => {
    const map = BigInt64Array.of(1n, 0n, 0n, 1n, 0n, 0n, 0n);
    expect(lesionCandidates(map, groundTruth, size).candidates).toHaveLength(2);
  });

  it('refuses bad input', () => {
    const map = new Float32Array(7);
    expect(() => lesionCandidates(map.fill(NaN), groundTruth, size)).toThrow('prediction holds NaN');
    expect(() => lesionCandidates(new Float32Array(7), groundTruth, { ...size, threshold: NaN })).toThrow(
      'threshold',
    );
    expect(() =>
      lesionCandidates(new Float32Array(7), groundTruth, { ...size, score: 'sum' as never }),
    ).toThrow('score');
  });
});
