import { describe, expect, it } from 'vitest';
import {
  countMasks,
  dice,
  enhancedAlignmentMeasure,
  evaluateMask,
  iou,
  precision,
  sensitivity,
  specificity,
} from '../src/index.js';
import { beyond, distance, inflate, predictionOf, readGolden, type GoldenCase } from './support/golden.js';
import { randomCase, randomGenerator } from './support/random.js';

const { cases } = readGolden('cases') as { cases: readonly GoldenCase[] };

const empty = Uint8Array.of(0, 0, 0, 0);
const full = Uint8Array.of(1, 1, 1, 1);
const some = Uint8Array.of(1, 0, 0, 0);

describe('evaluateMask', () => {
  it.each(cases.map((golden) => [golden.name, golden] as const))(
    'cut at 0.5 without stretching, as the reference: %s',
    (_, golden) => {
      const scale = golden.predType === 'uint8' ? 255 : 1;
      const mask = Uint8Array.from(predictionOf(golden), (value) => (value / scale >= 0.5 ? 1 : 0));
      const truth = inflate(golden.gt).map((value) => (value > 128 ? 1 : 0));
      const report = evaluateMask(mask, truth, { empty: 'reference' });
      const wanted = golden.expected.fixedHalfRaw;
      expect([report.truePositives, report.predicted]).toEqual([wanted['tp'], wanted['predicted']]);
      expect(
        beyond(1e-13, {
          dice: distance([report.dice], [wanted['dice']!]),
          iou: distance([report.iou], [wanted['iou']!]),
          fBeta: distance([report.fBeta], [wanted['fBeta03']!]),
          precision: distance([report.precision], [wanted['precision']!]),
          sensitivity: distance([report.sensitivity], [wanted['recall']!]),
          specificity: distance([report.specificity], [wanted['specificity']!]),
        }),
      ).toEqual({});
    },
  );

  it('counts four by hand', () => {
    const report = evaluateMask(Uint8Array.of(1, 1, 0, 0), Uint8Array.of(1, 0, 1, 0));
    expect(report).toMatchObject({ truePositives: 1, predicted: 2, foreground: 2, pixels: 4 });
    expect(report).toMatchObject({
      dice: 0.5,
      iou: 1 / 3,
      precision: 0.5,
      sensitivity: 0.5,
      specificity: 0.5,
    });
  });

  it('reads 0/1, 0/255, 16-bit and float masks alike', () => {
    const { prediction, groundTruth } = randomCase(3, 31, 17);
    const mask = prediction.map((value) => (value > 100 ? 1 : 0));
    const wanted = evaluateMask(mask, groundTruth);
    expect(
      evaluateMask(
        mask.map((value) => value * 255),
        groundTruth,
      ),
    ).toEqual(wanted);
    expect(
      evaluateMask(
        Uint16Array.from(mask, (value) => value * 65535),
        groundTruth,
      ),
    ).toEqual(wanted);
    expect(evaluateMask(Float32Array.from(mask), Float64Array.from(groundTruth))).toEqual(wanted);
    expect(evaluateMask(new Uint8ClampedArray(mask), groundTruth)).toEqual(wanted);
  });

  it('takes one class of a label map', () => {
    const labels = Uint8Array.of(0, 1, 2, 2);
    expect(countMasks(labels, labels, { foregroundAbove: 1 }).foreground).toBe(2);
    expect(() => countMasks(labels, labels)).toThrow(/from 0 to 2/);
  });
});

describe('empty ground truth', () => {
  it.each([
    ['nan', empty, NaN, 1],
    ['nan', some, NaN, 0.75],
    ['one-zero', empty, 1, 1],
    ['one-zero', some, 0, 0.75],
    ['reference', empty, 0, 0],
    ['reference', some, 0, 0],
  ] as const)('%s', (policy, prediction, ratio, background) => {
    const options = { empty: policy };
    expect(dice(prediction, empty, options)).toBe(ratio);
    expect(iou(prediction, empty, options)).toBe(ratio);
    expect(precision(prediction, empty, options)).toBe(ratio);
    expect(sensitivity(prediction, empty, options)).toBe(ratio);
    expect(specificity(prediction, empty, options)).toBe(background);
  });
});

describe('full ground truth', () => {
  it.each([
    ['nan', full, NaN],
    ['nan', some, NaN],
    ['one-zero', full, 1],
    ['one-zero', some, 0],
    ['reference', full, NaN],
    ['reference', empty, 0],
  ] as const)('%s', (policy, prediction, wanted) => {
    expect(specificity(prediction, full, { empty: policy })).toBe(wanted);
  });

  it('misses cost sensitivity, not definition', () => {
    expect(sensitivity(some, full)).toBe(0.25);
    expect(dice(empty, full)).toBe(0);
  });
});

describe('properties', () => {
  const seeds = Array.from({ length: 30 }, (_, seed) => seed);

  it('Dice and IoU are symmetric, precision and sensitivity swap, and Dice = 2 IoU / (1 + IoU)', () => {
    for (const seed of seeds) {
      const { groundTruth: a } = randomCase(seed, 40, 30);
      const { groundTruth: b } = randomCase(seed + 100, 40, 30);
      expect(dice(a, b)).toBe(dice(b, a));
      expect(iou(a, b)).toBe(iou(b, a));
      expect(precision(a, b)).toBe(sensitivity(b, a));
      expect(dice(a, b)).toBeCloseTo((2 * iou(a, b)) / (1 + iou(a, b)), 14);
    }
  });

  it('everything lies in 0..1 and a perfect match is 1', () => {
    for (const seed of seeds) {
      const { groundTruth } = randomCase(seed, 25, 33);
      const random = randomGenerator(seed);
      const noise = groundTruth.map(() => (random() < 0.5 ? 1 : 0));
      const {
        dice: d,
        iou: i,
        fBeta,
        precision: p,
        sensitivity: se,
        specificity: sp,
        eMeasure,
      } = evaluateMask(noise, groundTruth);
      for (const value of [d, i, fBeta, p, se, sp, eMeasure]) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
      }
      expect(evaluateMask(groundTruth, groundTruth)).toMatchObject({
        dice: 1,
        iou: 1,
        fBeta: 1,
        specificity: 1,
      });
      expect(enhancedAlignmentMeasure(groundTruth, groundTruth)).toBeCloseTo(1, 12);
    }
  });

  it('the order of the pixels does not matter', () => {
    const { prediction, groundTruth } = randomCase(7, 20, 20);
    const mask = prediction.map((value) => (value > 128 ? 1 : 0));
    expect(evaluateMask(mask.toReversed(), groundTruth.toReversed())).toEqual(
      evaluateMask(mask, groundTruth),
    );
  });
});
