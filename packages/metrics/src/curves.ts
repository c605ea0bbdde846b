import type { Definition } from './definition.js';
import { enhancedAlignment } from './enhanced-alignment-measure.js';
import type { MapStatistics } from './map-statistics.js';
import { overlap, type Counts, type Overlap } from './overlap.js';

/** The measures that depend on a threshold. */
export const CURVE_NAMES = [
  'dice',
  'iou',
  'fBeta',
  'precision',
  'sensitivity',
  'specificity',
  'accuracy',
  'balancedAccuracy',
  'mcc',
  'kappa',
  'eMeasure',
] as const;

/** Name of a measure that depends on a threshold. */
export type CurveName = (typeof CURVE_NAMES)[number];

/** One value per threshold and measure, in the order of the thresholds (descending). */
export type Curves = Readonly<Record<CurveName, Float64Array>>;

/** Curves of one map, with the whole-number counts they come from. */
export interface Sweep {
  readonly curves: Curves;
  readonly truePositives: Uint32Array;
  readonly predicted: Uint32Array;
}

/** Overlap and E-measure of the map cut at one threshold (v >= threshold), with the counts behind them. */
export type Cut = Overlap & { readonly eMeasure: number; readonly counts: Counts };

/** Measures the map at every threshold of the definition. */
export function sweep(map: MapStatistics, definition: Definition): Sweep {
  const { thresholds, eMeasureComparison, eMeasureDivisor, empty, fBetaSquared } = definition;
  const counts = map.count(thresholds, '>=');
  const eCounts = eMeasureComparison === '>=' ? counts : map.count(thresholds, eMeasureComparison);
  const curves = emptyCurves(thresholds.length);
  for (let t = 0; t < thresholds.length; t++) {
    const cut = overlap(countsAt(map, counts, t), empty, fBetaSquared);
    curves.dice[t] = cut.dice;
    curves.iou[t] = cut.iou;
    curves.fBeta[t] = cut.fBeta;
    curves.precision[t] = cut.precision;
    curves.sensitivity[t] = cut.sensitivity;
    curves.specificity[t] = cut.specificity;
    curves.accuracy[t] = cut.accuracy;
    curves.balancedAccuracy[t] = cut.balancedAccuracy;
    curves.mcc[t] = cut.mcc;
    curves.kappa[t] = cut.kappa;
    curves.eMeasure[t] = enhancedAlignment(countsAt(map, eCounts, t), eMeasureDivisor);
  }
  return { curves, ...counts };
}

/** Measures the map at one threshold, v >= threshold. */
export function cutAt(map: MapStatistics, threshold: number, definition: Definition): Cut {
  const counts = countsAt(map, map.count([threshold], '>='), 0);
  return {
    ...overlap(counts, definition.empty, definition.fBetaSquared),
    eMeasure: enhancedAlignment(counts, definition.eMeasureDivisor),
    counts,
  };
}

/** A zero curve for every measure. */
function emptyCurves(length: number): Record<CurveName, Float64Array> {
  return Object.fromEntries(CURVE_NAMES.map((name) => [name, new Float64Array(length)])) as Record<
    CurveName,
    Float64Array
  >;
}

/** Mean over the thresholds; NaN if any value is. */
export function meanOf(curve: Float64Array): number {
  let sum = 0;
  for (const value of curve) sum += value;
  return sum / curve.length;
}

/** Largest value, leaving out NaN as MATLAB does; NaN if there is none. */
export function maxOf(curve: Float64Array): number {
  let max = NaN;
  for (const value of curve) if (value > max || Number.isNaN(max)) max = value;
  return max;
}

function countsAt(
  { geometry, pixels }: MapStatistics,
  { truePositives, predicted }: Pick<Sweep, 'truePositives' | 'predicted'>,
  t: number,
): Counts {
  return {
    truePositives: truePositives[t]!,
    predicted: predicted[t]!,
    foreground: geometry.foreground,
    pixels,
  };
}
