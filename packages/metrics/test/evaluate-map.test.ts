import { describe, expect, it } from 'vitest';
import {
  evaluateMap,
  type MapReport,
  type MetricOptions,
  type ScoreName,
  type StructureParts,
} from '../src/index.js';
import {
  beyond,
  distance,
  inflate,
  predictionOf,
  readGolden,
  type GoldenCase,
  type GoldenNumber,
  type GoldenNumbers,
} from './support/golden.js';

const RATIOS = 1e-13;
const E_RELATIVE = 2e-11;
const S = 2e-12;
const MAE = 1e-12;
const WEIGHTED_F = 1e-12;

const { cases } = readGolden('cases') as { cases: readonly GoldenCase[] };

/** Our curve names and the golden file's. */
const RATIO_CURVES = [
  ['dice', 'dice', 'Dice'],
  ['iou', 'iou', 'Iou'],
  ['fBeta', 'fBeta03', 'FBeta'],
  ['precision', 'precision', 'Precision'],
  ['sensitivity', 'recall', 'Sensitivity'],
  ['specificity', 'specificity', 'Specificity'],
] as const;

function report(golden: GoldenCase, options: MetricOptions = {}): MapReport {
  const { width, height, gt } = golden;
  return evaluateMap(predictionOf(golden), inflate(gt), {
    width,
    height,
    protocol: 'infnet',
    foregroundAbove: 128,
    ...options,
  });
}

function scoreGaps(
  { scores }: MapReport,
  nameOf: (curve: string, capital: string) => string,
  golden: GoldenNumbers,
): Record<string, number> {
  return Object.fromEntries(
    RATIO_CURVES.map(([ours, theirs, capital]) => {
      const name = nameOf(ours, capital);
      return [name, distance([scores[name as ScoreName] ?? NaN], [golden[theirs]!])];
    }),
  );
}

function structureTerms(parts: StructureParts | undefined): number[] {
  if (!parts) return [];
  const { centroid, quadrantWeights, quadrantSimilarities } = parts;
  const { objectForeground, objectBackground, object, region } = parts;
  return [
    ...centroid,
    ...quadrantWeights,
    ...quadrantSimilarities,
    objectForeground,
    objectBackground,
    object,
    region,
  ];
}

function goldenStructureTerms({ parts, sObject, sRegion }: GoldenCase['expected']): GoldenNumber[] {
  if (!parts) return [];
  const { centroidXY1, quadrantWeights, quadrantSsim, objectFg, objectBg } = parts;
  return [...centroidXY1, ...quadrantWeights, ...quadrantSsim, objectFg, objectBg, sObject!, sRegion!];
}

describe.each(cases.map((golden) => [golden.name, golden] as const))('reference toolbox, %s', (_, golden) => {
  const { expected } = golden;
  const { matlab, exact: exactRule } = expected.sweep;
  const published = report(golden, { weightedF: true });
  const shipped = report(golden, { eMeasureComparison: '>=' });
  const exact = report(golden, { thresholds: 'exact', eMeasureComparison: '>=' });

  it('counts exactly, with both threshold rules', () => {
    expect(published.foreground).toBe(golden.gtPixels);
    expect([...published.truePositives]).toEqual(matlab.tp);
    expect([...published.predicted]).toEqual(matlab.predicted);
    expect([...exact.truePositives]).toEqual(exactRule.tp);
    expect([...exact.predicted]).toEqual(exactRule.predicted);
  });

  it('gives the same overlap curves, means and maxima', () => {
    const curves = RATIO_CURVES.map(([ours, theirs]) => [
      ours,
      distance(published.curves[ours], matlab.curves[theirs]!),
    ]);
    expect(beyond(RATIOS, Object.fromEntries(curves))).toEqual({});
    expect(
      beyond(
        RATIOS,
        scoreGaps(published, (_name, Name) => `mean${Name}`, matlab.mean),
      ),
    ).toEqual({});
    expect(
      beyond(
        RATIOS,
        scoreGaps(published, (_name, Name) => `max${Name}`, matlab.max),
      ),
    ).toEqual({});
    expect(
      beyond(
        RATIOS,
        scoreGaps(exact, (_name, Name) => `mean${Name}`, exactRule.mean),
      ),
    ).toEqual({});
    expect(
      beyond(
        RATIOS,
        scoreGaps(exact, (_name, Name) => `max${Name}`, exactRule.max),
      ),
    ).toEqual({});
  });

  it('gives the same E-measure, with >= and with >', () => {
    expect(
      beyond(E_RELATIVE, {
        shipped: distance(shipped.curves.eMeasure, matlab.curves['eMeasure']!, true),
        published: distance(published.curves.eMeasure, matlab.curves['eMeasureStrict']!, true),
        exact: distance(exact.curves.eMeasure, exactRule.curves['eMeasure']!, true),
        mean: distance([published.scores.meanEMeasure], [matlab.mean['eMeasureStrict']!], true),
        max: distance([shipped.scores.maxEMeasure], [matlab.max['eMeasure']!], true),
        adaptive: distance([published.scores.adaptiveEMeasure], [expected.adaptive['eMeasure']!], true),
        half: distance([published.scores.eMeasureAtHalf], [expected.fixedHalfNormalised['eMeasure']!], true),
      }),
    ).toEqual({});
  });

  it('gives the same S-measure, part by part', () => {
    expect(distance([published.scores.structureMeasure], [expected.sMeasure])).toBeLessThanOrEqual(S);
    expect(distance(structureTerms(published.structure), goldenStructureTerms(expected))).toBeLessThanOrEqual(
      S,
    );
  });

  it('gives the same MAE and weighted F', () => {
    const wanted = expected.weightedF;
    const refused = 'error' in wanted;
    const { meanAbsoluteError, weightedF } = published.scores;
    expect(distance([meanAbsoluteError], [expected.mae])).toBeLessThanOrEqual(MAE);
    expect(distance([weightedF!], [refused ? 'NaN' : wanted.columnFirst])).toBeLessThanOrEqual(WEIGHTED_F);
    expect(distance([weightedF!], [refused ? 'NaN' : wanted.octave])).toBeLessThanOrEqual(1e-2);
  });

  it('gives the same scores at the adaptive threshold and at 0.5', () => {
    expect(distance([published.adaptiveThreshold], [expected.adaptive['threshold']!])).toBeLessThanOrEqual(
      1e-12,
    );
    expect(
      beyond(
        RATIOS,
        scoreGaps(published, (_name, Name) => `adaptive${Name}`, expected.adaptive),
      ),
    ).toEqual({});
    expect(
      beyond(
        RATIOS,
        scoreGaps(published, (name) => `${name}AtHalf`, expected.fixedHalfNormalised),
      ),
    ).toEqual({});
  });
});
