import { countMasks } from './count-masks.js';
import { checkEmptyPolicy, type EmptyPolicy } from './empty-policy.js';
import { enhancedAlignment } from './enhanced-alignment-measure.js';
import type { Foreground } from './foreground.js';
import { checkSpacing } from './grid.js';
import type { MaskArray } from './inputs.js';
import type { MaskOptions } from './mask-metrics.js';
import { F_BETA_SQUARED, overlap, whenUndefined, type Counts, type Overlap } from './overlap.js';
import { ORIGIN } from './version.js';

/** What has to be known to compute the numbers of a {@link MaskReport} again. */
export interface MaskDefinition {
  readonly package: '@infnet/metrics';
  readonly version: string;
  readonly foregroundAbove: Foreground;
  readonly empty: EmptyPolicy;
  /** Size of a voxel per axis, x first; undefined: volumes are numbers of voxels. */
  readonly spacing: readonly number[] | undefined;
  readonly fBetaSquared: number;
  readonly eMeasureDivisor: 'N';
}

/** Options of {@link evaluateMask}. */
export interface EvaluateMaskOptions extends MaskOptions {
  /** Size of a voxel per axis, x first, for example in mm. Default: volumes are numbers of voxels. */
  readonly spacing?: readonly number[];
}

/** Overlap and volumes of two masks, with the counts behind them. */
export interface MaskReport extends Overlap, Counts {
  readonly definition: MaskDefinition;
  readonly eMeasure: number;
  /** In the cube (square) of the spacing's unit, or voxels. */
  readonly predictedVolume: number;
  readonly groundTruthVolume: number;
  /** (predicted - true) / true: -1 for a missed lesion, without upper bound. */
  readonly relativeVolumeDifference: number;
  /** 1 - |predicted - true| / (predicted + true), 0..1; blind to where the volumes lie. */
  readonly volumetricSimilarity: number;
}

/**
 * Every overlap and volume measure of two masks, and the E-measure, in one pass. Without foreground in the ground truth
 * the relative volume difference is NaN under `'nan'`, else 0 for an empty prediction and Infinity for any other. See
 * {@link countMasks} for errors.
 *
 * @example
 * ```ts
 * import { evaluateMask } from '@infnet/metrics';
 *
 * const report = evaluateMask(Uint8Array.of(1, 1, 1, 0), Uint8Array.of(1, 1, 0, 0), { spacing: [0.5, 0.5, 4] });
 * console.log(report.dice, report.groundTruthVolume, report.relativeVolumeDifference); // 0.8 2 0.5
 * console.log(report.definition.empty); // nan
 * ```
 */
export function evaluateMask(
  prediction: MaskArray,
  groundTruth: MaskArray,
  options: EvaluateMaskOptions = {},
): MaskReport {
  const { foregroundAbove = 'auto', spacing } = options;
  const empty = checkEmptyPolicy(options.empty);
  if (spacing !== undefined) checkSpacing(spacing);
  const counts = countMasks(prediction, groundTruth, { foregroundAbove });
  const voxel = (spacing ?? []).reduce((product, step) => product * step, 1);
  return {
    definition: {
      ...ORIGIN,
      foregroundAbove,
      empty,
      spacing,
      fBetaSquared: F_BETA_SQUARED,
      eMeasureDivisor: 'N',
    },
    ...counts,
    ...overlap(counts, empty),
    eMeasure: enhancedAlignment(counts, 'N'),
    predictedVolume: counts.predicted * voxel,
    groundTruthVolume: counts.foreground * voxel,
    relativeVolumeDifference: relativeVolumeDifference(counts, empty),
    volumetricSimilarity: volumetricSimilarity(counts, empty),
  };
}

function relativeVolumeDifference({ predicted, foreground }: Counts, empty: EmptyPolicy): number {
  if (foreground > 0) return (predicted - foreground) / foreground;
  if (empty === 'nan') return NaN;
  return predicted === 0 ? 0 : Infinity;
}

function volumetricSimilarity({ predicted, foreground }: Counts, empty: EmptyPolicy): number {
  if (foreground === 0) return empty === 'reference' ? 0 : whenUndefined(empty, predicted === 0);
  return 1 - Math.abs(predicted - foreground) / (predicted + foreground);
}
