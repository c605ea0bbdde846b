import { checkEmptyPolicy, type EmptyPolicy } from './empty-policy.js';
import { MetricsError } from './errors.js';
import { numberIn } from './number-in.js';
import { oneOf } from './one-of.js';
import { F_BETA_SQUARED } from './overlap.js';
import { checkForeground, type Foreground } from './foreground.js';
import { thresholdsOf, type Thresholds } from './thresholds.js';
import { ORIGIN } from './version.js';

/**
 * - `'standard'` (default): every quantity by its textbook definition, on the map as it is.
 * - `'infnet'`: the authors' MATLAB toolbox to the last bit, zeros, NaNs and all; reproduces the published tables.
 */
export type ProtocolName = 'standard' | 'infnet';

/** Whether the E-measure curve cuts at `v >= t` (the shipped code) or `v > t` (the published figures). */
export type Comparison = '>=' | '>';

/** How a map or a data set is measured. Every option overrides what the protocol says. */
export interface MetricOptions {
  /** Default `'standard'`. */
  readonly protocol?: ProtocolName;
  /** Default: standard `'exact'`, infnet `'matlab'`. */
  readonly thresholds?: Thresholds;
  /** Default: standard `'>='`, infnet `'>'`. Affects the curve, its mean and its maximum; never adaptive or at 0.5. */
  readonly eMeasureComparison?: Comparison;
  /** `'min-max'` stretches each map to 0..1 first; a constant map stays. Default: standard `'none'`, infnet `'min-max'`. */
  readonly stretch?: 'none' | 'min-max';
  /** Default: standard `'nan'`, infnet `'reference'`. */
  readonly empty?: EmptyPolicy;
  /** Ground-truth values strictly above this are foreground. Default `'auto'`. */
  readonly foregroundAbove?: Foreground;
  /** Prediction value that means 1. Default: 255 for 8-bit, 65535 for 16-bit, 1 for float arrays. */
  readonly predictionMaximum?: number;
  /** beta^2 of the F-measure: how much recall weighs against precision. Default 0.3. */
  readonly fBetaSquared?: number;
  /** Weight of the object part of the S-measure against the region part, 0..1. Default 0.5. */
  readonly structureAlpha?: number;
  /** Bins of equal width on 0..1 for the expected calibration error. Default 15. */
  readonly calibrationBins?: number;
  /** Also compute the weighted F-measure, which costs more than all the rest. Default false. */
  readonly weightedF?: boolean;
}

/** The complete, serialisable definition behind a result: what has to be known to compute the same numbers again. */
export interface Definition {
  readonly package: '@infnet/metrics';
  readonly version: string;
  readonly protocol: ProtocolName;
  readonly thresholdRule: 'exact' | 'matlab' | 'custom';
  /** Descending. A pixel is predicted at t when v >= t. */
  readonly thresholds: readonly number[];
  readonly eMeasureComparison: Comparison;
  /** What the E-measure's sum is divided by: the paper's number of pixels, or the code's N - 1 + 2^-52. */
  readonly eMeasureDivisor: 'N' | 'N - 1 + eps';
  readonly stretch: 'none' | 'min-max';
  readonly empty: EmptyPolicy;
  /** What an empty quadrant (centroid in the last row or column) does to the S-measure. */
  readonly emptyQuadrant: 'skip' | 'nan';
  readonly foregroundAbove: Foreground;
  readonly predictionMaximum: number | 'full scale of the type';
  /** beta^2 of the F-measure. */
  readonly fBetaSquared: number;
  /** Weight of the object part of the S-measure. */
  readonly structureAlpha: number;
  /** Bins of equal width on 0..1 for the calibration error. */
  readonly calibrationBins: number;
  /** Threshold of the adaptive scores, per map. */
  readonly adaptiveThreshold: 'min(2 * mean, 1)';
  readonly weightedF: boolean;
}

/**
 * Fills in the protocol's defaults.
 *
 * @throws MetricsError `invalid-option`
 */
export function defineMetrics(options: MetricOptions = {}): Definition {
  const protocol = oneOf('protocol', options.protocol ?? 'standard', ['standard', 'infnet']);
  const infnet = protocol === 'infnet';
  const thresholds = options.thresholds ?? (infnet ? 'matlab' : 'exact');
  return {
    ...ORIGIN,
    protocol,
    thresholdRule: typeof thresholds === 'string' ? thresholds : 'custom',
    thresholds: thresholdList(thresholds),
    eMeasureComparison: oneOf('eMeasureComparison', options.eMeasureComparison ?? (infnet ? '>' : '>='), [
      '>=',
      '>',
    ]),
    eMeasureDivisor: infnet ? 'N - 1 + eps' : 'N',
    stretch: oneOf('stretch', options.stretch ?? (infnet ? 'min-max' : 'none'), ['none', 'min-max']),
    empty: checkEmptyPolicy(options.empty ?? (infnet ? 'reference' : 'nan')),
    emptyQuadrant: infnet ? 'nan' : 'skip',
    foregroundAbove: checkForeground(options.foregroundAbove ?? 'auto'),
    predictionMaximum: positive('predictionMaximum', options.predictionMaximum) ?? 'full scale of the type',
    fBetaSquared: positive('fBetaSquared', options.fBetaSquared) ?? F_BETA_SQUARED,
    structureAlpha: numberIn('structureAlpha', options.structureAlpha ?? 0.5, 0, 1),
    calibrationBins: numberIn('calibrationBins', options.calibrationBins ?? 15, 1, 65_536, 'whole number'),
    adaptiveThreshold: 'min(2 * mean, 1)',
    weightedF: options.weightedF === true,
  };
}

/** Options that a definition holds as they were given. */
const KEPT = [
  'protocol',
  'eMeasureComparison',
  'stretch',
  'empty',
  'foregroundAbove',
  'fBetaSquared',
  'structureAlpha',
  'calibrationBins',
  'weightedF',
] as const;

/** The options that give this definition again. */
export function optionsOf(definition: Definition): MetricOptions {
  const { thresholdRule, thresholds, predictionMaximum } = definition;
  return {
    ...Object.fromEntries(KEPT.map((name) => [name, definition[name]])),
    thresholds: thresholdRule === 'custom' ? thresholds : thresholdRule,
    ...(typeof predictionMaximum === 'number' ? { predictionMaximum } : {}),
  };
}

function thresholdList(thresholds: Thresholds): readonly number[] {
  if (typeof thresholds === 'string') oneOf('thresholds', thresholds, ['exact', 'matlab']);
  return [...thresholdsOf(thresholds)];
}

function positive(option: string, value: number | undefined): number | undefined {
  if (value === undefined || (Number.isFinite(value) && value > 0)) return value;
  throw new MetricsError(
    'invalid-option',
    `${option} is ${value}`,
    'pass a finite number above 0, such as 255 or 1',
  );
}
