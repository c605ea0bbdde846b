import { expect, it } from 'vitest';
import {
  boundaryIou,
  dice,
  evaluateBoundary,
  evaluateMask,
  iou,
  normalizedSurfaceDice,
  type BoundaryOptions,
  type BoundaryReport,
} from '../../src/index.js';
import {
  beyond,
  distance,
  inflate,
  readGolden,
  type GoldenNumber,
  type GoldenNumbers,
} from '../support/golden.js';

interface BoundaryCase {
  readonly name: string;
  readonly shape: readonly number[];
  readonly spacing: readonly number[];
  readonly gt: string;
  readonly pred: string;
  readonly expected: {
    readonly googleSurfaceDistance: GoldenNumbers;
    /** What medpy raised an error for is an object. */
    readonly medpy: Readonly<Record<string, GoldenNumber | { readonly error: string }>>;
    readonly directedMaxOfPercentiles?: {
      readonly hd95: number;
      readonly borderPixels: readonly [prediction: number, groundTruth: number];
      readonly surfaceDiceUnweightedAt1: number;
    };
    readonly boundaryIoU?: { readonly dilation: number; readonly value: GoldenNumber };
  };
}

const TOLERANCE = 1e-12;
const { cases } = readGolden('boundary') as { cases: readonly BoundaryCase[] };

function optionsOf({ shape, spacing }: BoundaryCase): BoundaryOptions {
  const [width, height, depth = 1] = shape.toReversed() as [number, number, number?];
  return { width, height, depth, spacing: spacing.toReversed() };
}

const gap = (actual: number, wanted: GoldenNumber): number => distance([actual], [wanted], true);

/** A case with what we make of it. */
function measured(golden: BoundaryCase) {
  const [prediction, groundTruth] = [inflate(golden.pred), inflate(golden.gt)];
  const options = optionsOf(golden);
  const report = evaluateBoundary(prediction, groundTruth, options);
  return { ...golden.expected, prediction, groundTruth, options, report };
}

const named = (keep: (golden: BoundaryCase) => unknown): [string, BoundaryCase][] =>
  cases.filter(keep).map((golden) => [golden.name, golden]);
const isEmpty = (mask: string): boolean => inflate(mask).every((value) => value === 0);
const hasBoth = ({ pred, gt }: BoundaryCase): boolean => !isEmpty(pred) && !isEmpty(gt);

it.each(named(() => true))('surface-distance, %s: areas of surfels', (_, golden) => {
  const { report, googleSurfaceDistance: google } = measured(golden);
  expect(
    beyond(TOLERANCE, {
      truth: gap(report.groundTruthSurface, google['surfelAreaGt']!),
      predicted: gap(report.predictedSurface, google['surfelAreaPred']!),
    }),
  ).toEqual({});
});

it.each(named(hasBoth))('surface-distance, %s: distances and surface Dice', (_, golden) => {
  const { report, prediction, groundTruth, options, googleSurfaceDistance: google } = measured(golden);
  const wide = { ...options, surface: 'surfels', tolerance: 2.5 } as const;
  expect(
    beyond(TOLERANCE, {
      hd95: gap(report.hd95SurfelWeighted, google['hausdorff95']!),
      toTruth: gap(report.surfelAsdToTruth, google['avgPredToGt']!),
      toPrediction: gap(report.surfelAsdToPrediction, google['avgGtToPred']!),
      nsd1: gap(report.nsdSurfels, google['surfaceDiceAt1']!),
      nsd25: gap(normalizedSurfaceDice(prediction, groundTruth, wide), google['surfaceDiceAt2_5']!),
      dice: gap(dice(prediction, groundTruth), google['dice']!),
    }),
  ).toEqual({});
});

it.each(named(hasBoth))('medpy, %s: distances, overlap, volume', (_, golden) => {
  const { report, prediction, groundTruth, medpy } = measured(golden);
  const number = (name: string): GoldenNumber => medpy[name] as GoldenNumber;
  const { relativeVolumeDifference } = evaluateMask(prediction, groundTruth);
  expect(
    beyond(TOLERANCE, {
      hd: gap(report.hausdorff, number('hd')),
      hd95: gap(report.hd95Pooled, number('hd95')),
      assd: gap(report.assdPooled, number('assd')),
      toTruth: gap(report.asdToTruth, number('asdPredToGt')),
      toPrediction: gap(report.asdToPrediction, number('asdGtToPred')),
      iou: gap(iou(prediction, groundTruth), number('jaccard')),
      volume: gap(relativeVolumeDifference, number('relativeVolumeDifference')),
    }),
  ).toEqual({});
});

it.each(named(({ expected }) => expected.directedMaxOfPercentiles))(
  'MONAI and MetricsReloaded, %s: larger percentile, border voxels',
  (_, golden) => {
    const { report, directedMaxOfPercentiles: directed } = measured(golden);
    expect([report.predictedBorderVoxels, report.groundTruthBorderVoxels]).toEqual(directed!.borderPixels);
    expect(
      beyond(TOLERANCE, {
        hd95: gap(report.hd95DirectedMax, directed!.hd95),
        nsd: gap(report.nsdBorderVoxels, directed!.surfaceDiceUnweightedAt1),
      }),
    ).toEqual({});
  },
);

it.each(named(({ expected }) => expected.boundaryIoU))('boundary IoU, %s', (_, golden) => {
  const { report, prediction, groundTruth, options, boundaryIoU } = measured(golden);
  const { dilation, value } = boundaryIoU!;
  const empty = isEmpty(golden.gt) && value === 0 ? 'one-zero' : 'nan';
  expect(report.definition.dilation).toBe(dilation);
  expect(gap(boundaryIou(prediction, groundTruth, { ...options, empty }), value)).toBeLessThanOrEqual(
    TOLERANCE,
  );
});

const someNumbers = ({ hausdorff, hd95Pooled, assdPooled, nsdSurfels }: BoundaryReport): number[] => [
  hausdorff,
  hd95Pooled,
  assdPooled,
  nsdSurfels,
];

it.each(named(({ pred, gt }) => isEmpty(pred) && !isEmpty(gt)))(
  'surface-distance, %s: a missed lesion is Infinity away',
  (_, golden) => {
    const { report, googleSurfaceDistance: google } = measured(golden);
    expect(someNumbers(report)).toEqual([Infinity, Infinity, Infinity, 0]);
    expect([google['hausdorff95'], google['surfaceDiceAt1']]).toEqual(['Infinity', 0]);
  },
);

it.each(named(({ gt }) => isEmpty(gt)))('%s: an empty ground truth follows the policy', (_, golden) => {
  const { report, prediction, groundTruth, options } = measured(golden);
  expect(someNumbers(report)).toEqual([NaN, NaN, NaN, NaN]);
  const strict = evaluateBoundary(prediction, groundTruth, { ...options, empty: 'one-zero' });
  expect(someNumbers(strict)).toEqual(
    isEmpty(golden.pred) ? [0, 0, 0, 1] : [Infinity, Infinity, Infinity, 0],
  );
});
