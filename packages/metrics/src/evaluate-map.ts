import { brierScoreOf, calibrationOf } from './calibration.js';
import { cutAt, CURVE_NAMES, maxOf, meanOf, sweep, type Sweep } from './curves.js';
import { defineMetrics, type Definition, type MetricOptions } from './definition.js';
import type { MaskArray, PredictionArray, Shape } from './inputs.js';
import { meanAbsoluteErrorOf } from './mean-absolute-error.js';
import { combineAll } from './moments.js';
import { openMap } from './open-map.js';
import type { Counts } from './overlap.js';
import { scoreNamesOf, type ScoreName, type Scores } from './scores.js';
import { structureOf, type StructureParts } from './structure-measure.js';
import { weightedFOf } from './weighted-f-measure.js';

/** Everything measured on one map. */
export interface MapReport extends Sweep {
  /** Protocol, thresholds, policies and version: what the numbers mean. */
  readonly definition: Definition;
  readonly width: number;
  readonly height: number;
  /** Foreground pixels of the ground truth. */
  readonly foreground: number;
  readonly scores: Scores;
  /** Where the adaptive scores cut: min(2 * mean of the map, 1). */
  readonly adaptiveThreshold: number;
  /** Pixels behind the scores at 0.5. */
  readonly countsAtHalf: Counts;
  /** Terms of the S-measure; undefined when the ground truth is all background or all foreground. */
  readonly structure: StructureParts | undefined;
  /** What looks wrong but is legal, in words. */
  readonly warnings: readonly string[];
}

/**
 * Measures one soft prediction against its ground truth.
 *
 * @param prediction [height * width], row-major; 8-bit 0..255, 16-bit 0..65535, or float 0..1
 * @param groundTruth [height * width]; 0 / 1, or grey with foreground above 128
 * @throws MetricsError `invalid-shape`, `length-mismatch`, `unsupported-array`, `not-finite`, `out-of-range` (floats
 *   outside 0..1 while nothing stretches them), `ambiguous-mask`, `invalid-option`
 *
 * @example
 * ```ts
 * import { evaluateMap } from '@infnet/metrics';
 *
 * const prediction = Float32Array.of(0.9, 0.6, 0.2, 0.1);
 * const groundTruth = Uint8Array.of(1, 0, 0, 0);
 * const { scores } = evaluateMap(prediction, groundTruth, { width: 2, height: 2 });
 * console.log(scores.diceAtHalf.toFixed(3)); // 0.667
 * ```
 */
export function evaluateMap(
  prediction: PredictionArray,
  groundTruth: MaskArray,
  options: Shape & MetricOptions,
): MapReport {
  return evaluateWith(prediction, groundTruth, options, defineMetrics(options));
}

/** {@link evaluateMap} with a definition made once for many maps. */
export function evaluateWith(
  prediction: PredictionArray,
  groundTruth: MaskArray,
  { width, height }: Shape,
  definition: Definition,
): MapReport {
  const map = openMap(prediction, groundTruth, { width, height }, definition);
  const swept = sweep(map, definition);
  const adaptiveThreshold = Math.min(2 * combineAll(map.groups).mean, 1);
  const adaptive = cutAt(map, adaptiveThreshold, definition);
  const { counts: countsAtHalf, ...half } = cutAt(map, 0.5, definition);
  const structure = structureOf(map, definition);
  const scores: Partial<Record<ScoreName, number>> = {};
  for (const name of CURVE_NAMES) {
    const [mean, max, atAdaptive, atHalf] = scoreNamesOf(name);
    scores[mean] = meanOf(swept.curves[name]);
    scores[max] = maxOf(swept.curves[name]);
    scores[atAdaptive] = adaptive[name];
    scores[atHalf] = half[name];
  }
  scores.structureMeasure = structure.value;
  scores.meanAbsoluteError = meanAbsoluteErrorOf(map);
  scores.brierScore = brierScoreOf(map);
  scores.expectedCalibrationError = calibrationOf(map, definition.calibrationBins).expectedCalibrationError;
  if (definition.weightedF) scores.weightedF = weightedFOf(map, definition);
  return {
    definition,
    width,
    height,
    foreground: map.geometry.foreground,
    scores: scores as Scores,
    adaptiveThreshold,
    countsAtHalf,
    structure: structure.parts,
    warnings: map.warnings,
    ...swept,
  };
}
