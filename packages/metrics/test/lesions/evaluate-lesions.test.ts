import { describe, expect, it } from 'vitest';
import { MetricsError } from '../../src/index.js';
import { connectedComponents, evaluateLesions, type LesionReport } from '../../src/entry/lesions.js';
import { inflate, readGolden } from '../support/golden.js';
import { randomGenerator } from '../support/random.js';

interface LesionCase {
  readonly name: string;
  readonly shape: readonly number[];
  readonly gt: string;
  readonly pred: string;
  readonly expected: {
    readonly lesions: {
      readonly gtCount: number;
      readonly predCount: number;
      readonly gtDetectedAnyOverlap: number;
      readonly predTrueAnyOverlap: number;
    };
  };
}

const { cases } = readGolden('boundary') as { cases: readonly LesionCase[] };

it.each(cases.map((golden) => [golden.name, golden] as const))('scipy counts the same on %s', (_, golden) => {
  const [width, height, depth = 1] = golden.shape.toReversed() as [number, number, number?];
  const report = evaluateLesions(inflate(golden.pred), inflate(golden.gt), { width, height, depth });
  const { lesions } = golden.expected;
  expect([report.trueLesions, report.predictedLesions, report.foundLesions, report.rightLesions]).toEqual([
    lesions.gtCount,
    lesions.predCount,
    lesions.gtDetectedAnyOverlap,
    lesions.predTrueAnyOverlap,
  ]);
});

const size = { width: 24, height: 18 };

function randomBlobs(random: () => number): Uint8Array {
  const mask = new Uint8Array(size.width * size.height);
  for (let blob = 0; blob < 5; blob++) {
    const [cx, cy, r] = [random() * size.width, random() * size.height, 1 + random() * 3];
    mask.forEach((value, i) => {
      const inside = Math.hypot((i % size.width) - cx, Math.floor(i / size.width) - cy) < r;
      mask[i] = value | (inside ? 1 : 0);
    });
  }
  return mask;
}

/** From label maps and sets, every pair looked at. */
function bruteForce(prediction: Uint8Array, groundTruth: Uint8Array) {
  const sets = (mask: Uint8Array): Set<number>[] => {
    const { labels, components } = connectedComponents(mask, size);
    return components.map(({ label }) => new Set([...labels.keys()].filter((i) => labels[i] === label)));
  };
  const [p, g] = [sets(prediction), sets(groundTruth)];
  const common = (a: Set<number>, b: Set<number>): number => [...a].filter((i) => b.has(i)).length;
  const ious = g.flatMap((a) => p.map((b) => common(a, b) / (a.size + b.size - common(a, b))));
  const matched = ious.filter((value) => value > 0.5);
  return {
    found: g.filter((a) => p.some((b) => common(a, b) > 0)).length,
    right: p.filter((b) => g.some((a) => common(a, b) > 0)).length,
    pq: matched.reduce((sum, value) => sum + value, 0) / ((p.length + g.length) / 2),
    sq: matched.length === 0 ? 0 : matched.reduce((sum, value) => sum + value, 0) / matched.length,
    pairs: matched.length,
  };
}

describe('evaluateLesions', () => {
  const random = randomGenerator(8);
  const pairs = Array.from({ length: 25 }, () => [randomBlobs(random), randomBlobs(random)] as const);

  it('equals counting pair by pair', () => {
    for (const [prediction, groundTruth] of pairs) {
      const wanted = bruteForce(prediction, groundTruth);
      const report = evaluateLesions(prediction, groundTruth, size);
      expect([report.foundLesions, report.rightLesions]).toEqual([wanted.found, wanted.right]);
      expect(report.panopticQuality).toBeCloseTo(wanted.pq, 12);
      expect(report.segmentationQuality).toBeCloseTo(wanted.sq, 12);
      expect(report.panopticQuality).toBeCloseTo(report.segmentationQuality * report.recognitionQuality, 12);
      const iou = evaluateLesions(prediction, groundTruth, { ...size, matching: 'iou' });
      expect([iou.foundLesions, iou.rightLesions]).toEqual([wanted.pairs, wanted.pairs]);
      expect(iou.lesionF1).toBeCloseTo(iou.recognitionQuality, 12);
    }
  });

  it('swapping the masks swaps sensitivity and precision', () => {
    for (const [a, b] of pairs) {
      const [forward, backward] = [evaluateLesions(a, b, size), evaluateLesions(b, a, size)];
      expect(forward.lesionSensitivity).toBe(backward.lesionPrecision);
      expect(forward.lesionF1).toBeCloseTo(backward.lesionF1, 14);
      expect(forward.panopticQuality).toBeCloseTo(backward.panopticQuality, 14);
      expect(forward.truth).toEqual(backward.predictions);
    }
  });

  it('a mask against itself is perfect', () => {
    for (const [mask] of pairs) {
      const report = evaluateLesions(mask, mask, { ...size, matching: 'iou', minimumIou: 0.99 });
      expect(report).toMatchObject({ lesionF1: 1, panopticQuality: 1, missedLesions: 0, falseLesions: 0 });
    }
  });

  it('asks for the share of a lesion that the caller names', () => {
    const prediction = Uint8Array.of(1, 0, 0, 0, 0, 1);
    const groundTruth = Uint8Array.of(1, 1, 1, 1, 0, 1);
    const found = (minimumOverlap: number): number =>
      evaluateLesions(prediction, groundTruth, { width: 6, height: 1, minimumOverlap }).foundLesions;
    expect([0, 0.2, 0.25, 0.9].map(found)).toEqual([2, 2, 1, 1]);
  });

  it('pairs the best first, and each lesion once', () => {
    // One wide prediction over two true lesions: IoU 3/7 and 2/7.
    const prediction = Uint8Array.of(1, 1, 1, 1, 1, 1, 1);
    const groundTruth = Uint8Array.of(1, 1, 1, 0, 0, 1, 1);
    const options = { width: 7, height: 1, matching: 'iou', minimumIou: 0.1 } as const;
    const { truth, predictions } = evaluateLesions(prediction, groundTruth, options);
    expect(truth.map(({ isMatched, best }) => [isMatched, best])).toEqual([
      [true, 1],
      [false, 1],
    ]);
    expect(predictions).toMatchObject([
      { isMatched: true, best: 1, bestIou: 3 / 7, overlap: 5, share: 5 / 7 },
    ]);
  });

  it.each<['nan' | 'one-zero', number, number]>([
    ['nan', NaN, NaN],
    ['one-zero', 1, 0],
  ])('without a true lesion, %s', (empty, agreeing, other) => {
    const [none, some] = [new Uint8Array(4), Uint8Array.of(1, 0, 0, 0)];
    const options = { width: 2, height: 2, empty };
    const ratios = (report: LesionReport): number[] => [
      report.lesionSensitivity,
      report.lesionPrecision,
      report.lesionF1,
      report.panopticQuality,
    ];
    expect(ratios(evaluateLesions(none, none, options))).toEqual(Array(4).fill(agreeing));
    expect(ratios(evaluateLesions(some, none, options))).toEqual(Array(4).fill(other));
    expect(ratios(evaluateLesions(none, some, options))).toEqual([0, 0, 0, 0]);
  });

  it('records its definition and refuses bad options', () => {
    const mask = Uint8Array.of(1, 0, 0, 0);
    const options = { width: 2, height: 2, spacing: [0.5, 2] };
    expect(evaluateLesions(mask, mask, options).definition).toMatchObject({
      connectivity: 8,
      matching: 'overlap',
      minimumOverlap: 0,
      minimumIou: 0.5,
      spacing: [0.5, 2],
      empty: 'nan',
    });
    for (const bad of [{ minimumIou: 1 }, { minimumOverlap: -0.1 }, { matching: 'any' }, { empty: 'zero' }]) {
      expect(() => evaluateLesions(mask, mask, { ...options, ...(bad as object) })).toThrow(MetricsError);
      expect(() => evaluateLesions(mask, mask, { ...options, ...(bad as object) })).toThrow(
        Object.keys(bad)[0],
      );
    }
  });
});
