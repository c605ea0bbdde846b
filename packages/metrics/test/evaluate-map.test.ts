import { describe, expect, it } from 'vitest';
import { evaluateMap, type MapReport, type MetricOptions, type ScoreName } from '../src/index.js';
import {
  distance,
  inflate,
  predictionOf,
  readGolden,
  type GoldenCase,
  type GoldenNumbers,
} from './support/golden.js';

const RATIOS = 1e-13;
const E_RELATIVE = 2e-11;
const S = 2e-12;
const MAE = 1e-12;
const WEIGHTED_F = 1e-12;

const { cases } = readGolden<{ cases: readonly GoldenCase[] }>('cases');

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

function expectScores(actual: MapReport, prefix: 'mean' | 'max', golden: GoldenNumbers): void {
  for (const [, name, capital] of RATIO_CURVES) {
    expect(
      distance([actual.scores[`${prefix}${capital}`]], [golden[name]!]),
      `${prefix} ${name}`,
    ).toBeLessThanOrEqual(RATIOS);
  }
}

function expectCut(actual: MapReport, kind: 'adaptive' | 'AtHalf', golden: GoldenNumbers): void {
  const nameOf = (name: string, capital: string): ScoreName =>
    (kind === 'adaptive' ? `adaptive${capital}` : `${name}AtHalf`) as ScoreName;
  for (const [ours, name, capital] of RATIO_CURVES) {
    const value = actual.scores[nameOf(ours, capital)]!;
    expect(distance([value], [golden[name]!]), `${kind} ${name}`).toBeLessThanOrEqual(RATIOS);
  }
  const eMeasure = actual.scores[nameOf('eMeasure', 'EMeasure')]!;
  expect(distance([eMeasure], [golden['eMeasure']!], true)).toBeLessThanOrEqual(E_RELATIVE);
}

describe.each(cases.map((golden) => [golden.name, golden] as const))('reference toolbox, %s', (_, golden) => {
  const { expected } = golden;
  const published = report(golden, { weightedF: true });
  const shipped = report(golden, { eMeasureComparison: '>=' });
  const exact = report(golden, { thresholds: 'exact', eMeasureComparison: '>=' });

  it('counts exactly, with both threshold rules', () => {
    expect(published.foreground).toBe(golden.gtPixels);
    expect([...published.truePositives]).toEqual(expected.sweep.matlab.tp);
    expect([...published.predicted]).toEqual(expected.sweep.matlab.predicted);
    expect([...exact.truePositives]).toEqual(expected.sweep.exact.tp);
    expect([...exact.predicted]).toEqual(expected.sweep.exact.predicted);
  });

  it('gives the same overlap curves, means and maxima', () => {
    for (const [ours, name] of RATIO_CURVES) {
      expect(distance(published.curves[ours], expected.sweep.matlab.curves[name]!), name).toBeLessThanOrEqual(
        RATIOS,
      );
    }
    expectScores(published, 'mean', expected.sweep.matlab.mean);
    expectScores(published, 'max', expected.sweep.matlab.max);
    expectScores(exact, 'mean', expected.sweep.exact.mean);
    expectScores(exact, 'max', expected.sweep.exact.max);
  });

  it('gives the same E-measure, with >= and with >', () => {
    const { matlab } = expected.sweep;
    expect(distance(shipped.curves.eMeasure, matlab.curves['eMeasure']!, true)).toBeLessThanOrEqual(
      E_RELATIVE,
    );
    expect(distance(published.curves.eMeasure, matlab.curves['eMeasureStrict']!, true)).toBeLessThanOrEqual(
      E_RELATIVE,
    );
    expect(
      distance(exact.curves.eMeasure, expected.sweep.exact.curves['eMeasure']!, true),
    ).toBeLessThanOrEqual(E_RELATIVE);
    expect(
      distance([published.scores.meanEMeasure], [matlab.mean['eMeasureStrict']!], true),
    ).toBeLessThanOrEqual(E_RELATIVE);
    expect(distance([shipped.scores.maxEMeasure], [matlab.max['eMeasure']!], true)).toBeLessThanOrEqual(
      E_RELATIVE,
    );
  });

  it('gives the same S-measure, part by part', () => {
    expect(distance([published.scores.structureMeasure], [expected.sMeasure])).toBeLessThanOrEqual(S);
    expect(published.structure === undefined).toBe(expected.parts === undefined);
    if (!published.structure || !expected.parts) return;
    const { structure } = published;
    const { parts } = expected;
    expect(structure.centroid).toEqual(parts.centroidXY1);
    expect(distance(structure.quadrantWeights, parts.quadrantWeights)).toBeLessThanOrEqual(1e-15);
    expect(distance(structure.quadrantSimilarities, parts.quadrantSsim)).toBeLessThanOrEqual(S);
    expect(
      distance(
        [structure.objectForeground, structure.objectBackground, structure.object, structure.region],
        [parts.objectFg, parts.objectBg, expected.sObject!, expected.sRegion!],
      ),
    ).toBeLessThanOrEqual(S);
  });

  it('gives the same MAE and weighted F', () => {
    expect(Math.abs(published.scores.meanAbsoluteError - expected.mae)).toBeLessThanOrEqual(MAE);
    const wanted = expected.weightedF;
    const { weightedF } = published.scores;
    if ('error' in wanted) {
      expect(weightedF).toBeNaN();
    } else {
      expect(Math.abs(weightedF! - wanted.columnFirst)).toBeLessThanOrEqual(WEIGHTED_F);
      expect(Math.abs(weightedF! - wanted.octave)).toBeLessThanOrEqual(1e-2);
    }
  });

  it('gives the same scores at the adaptive threshold and at 0.5', () => {
    expect(
      Math.abs(published.adaptiveThreshold - Number(expected.adaptive['threshold'])),
    ).toBeLessThanOrEqual(1e-12);
    expectCut(published, 'adaptive', expected.adaptive);
    expectCut(published, 'AtHalf', expected.fixedHalfNormalised);
  });
});
