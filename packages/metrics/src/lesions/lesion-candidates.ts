import { MetricsError } from '../errors.js';
import { checkFinite, readMaskOf } from '../foreground.js';
import { gridOf } from '../grid.js';
import {
  flattenTo,
  isFloatArray,
  withPlainNumbers,
  type MaskArray,
  type PredictionArray,
} from '../inputs.js';
import { oneOf } from '../one-of.js';
import { fullScaleOf } from '../stretch.js';
import { componentsOf, type ComponentOptions, type LabelledRuns } from './connected-components.js';
import type { FrocCase } from './froc.js';
import { connectivityOf } from './label-runs.js';
import { overlappingPairs } from './match-lesions.js';

/** How findings are taken from a soft map. */
export interface CandidateOptions extends ComponentOptions {
  /** Voxels from this value on, 0..1, form the findings. Default 0.5. */
  readonly threshold?: number;
  /** What a finding's score is made of. Default `'max'`. */
  readonly score?: 'max' | 'mean';
  /** Prediction value that means 1. Default: 255 for 8-bit, 65535 for 16-bit, else 1. */
  readonly predictionMaximum?: number;
}

/**
 * The findings of one soft map, scored, and the true lesions that each of them touches: a case for {@link frocCurve}. The
 * threshold should be low, or the curve ends early.
 *
 * @param prediction [depth * height * width], x fastest
 * @param groundTruth mask of the same size
 * @throws MetricsError as {@link evaluateLesions}
 *
 * @example
 * ```ts
 * import { frocCurve, lesionCandidates } from '@infnet/metrics/lesions';
 *
 * const prediction = Float32Array.of(0.9, 0.8, 0.1, 0.6, 0.1, 0.1);
 * const groundTruth = Uint8Array.of(1, 0, 0, 0, 0, 1);
 * const found = lesionCandidates(prediction, groundTruth, { width: 6, height: 1 });
 * console.log(found.candidates.map(({ score, lesions }) => `${score.toFixed(1)}:${lesions}`).join(' ')); // 0.9:1 0.6:
 * console.log(frocCurve([found]).meanSensitivity); // 0.5
 * ```
 */
export function lesionCandidates(
  prediction: PredictionArray,
  groundTruth: MaskArray,
  options: CandidateOptions,
): FrocCase {
  const { threshold = 0.5, foregroundAbove, predictionMaximum } = options;
  const kind = oneOf('score', options.score ?? 'max', ['max', 'mean']);
  if (!Number.isFinite(threshold)) {
    throw new MetricsError('invalid-option', `threshold is ${threshold}`, 'pass a number from 0 to 1');
  }
  const grid = gridOf(options);
  const connectivity = connectivityOf(grid, options.connectivity);
  const values = withPlainNumbers(flattenTo(prediction, grid, 'prediction'));
  if (isFloatArray(values)) checkFinite(values, 'prediction');
  const mask = readMaskOf(grid, groundTruth, foregroundAbove, 'groundTruth');
  const scale = predictionMaximum ?? fullScaleOf(values);
  const cut = new Uint8Array(values.length);
  for (let i = 0; i < cut.length; i++) cut[i] = values[i]! / scale >= threshold ? 1 : 0;
  const found = componentsOf({ bytes: cut, above: 0 }, grid, connectivity);
  const truth = componentsOf(mask, grid, connectivity);
  const lesions = found.components.map((): number[] => []);
  for (const pair of overlappingPairs(truth, found)) lesions[pair.predicted - 1]!.push(pair.truth);
  const scores = scoresOf(found, values, kind);
  return {
    lesions: truth.components.length,
    candidates: lesions.map((hits, i) => ({ score: scores[i]! / scale, lesions: hits })),
  };
}

function scoresOf(
  { runs, labels, components }: LabelledRuns,
  values: ArrayLike<number>,
  kind: 'max' | 'mean',
): Float64Array {
  const scores = new Float64Array(components.length).fill(kind === 'max' ? -Infinity : 0);
  for (let run = 0; run < labels.length; run++) {
    const component = labels[run]! - 1;
    for (let i = runs.from[run]!; i < runs.to[run]!; i++) {
      const value = values[i]!;
      scores[component] = kind === 'max' ? Math.max(scores[component]!, value) : scores[component]! + value;
    }
  }
  return kind === 'max' ? scores : scores.map((sum, i) => sum / components[i]!.voxels);
}
