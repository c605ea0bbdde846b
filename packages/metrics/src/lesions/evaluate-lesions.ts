import { MetricsError } from '../errors.js';
import { checkForeground, readMaskOf, type Foreground } from '../foreground.js';
import { gridOf } from '../grid.js';
import type { MaskArray } from '../inputs.js';
import { oneOf } from '../one-of.js';
import { ORIGIN } from '../version.js';
import {
  componentsOf,
  type Component,
  type ComponentOptions,
  type LabelledRuns,
} from './connected-components.js';
import { connectivityOf, type Connectivity } from './label-runs.js';
import { matchOneToOne, overlappingPairs, type LesionPair } from './match-lesions.js';

/** Options of {@link evaluateLesions}. */
export interface LesionOptions extends ComponentOptions {
  /**
   * When a lesion counts as found. `'overlap'` (default): when more than `minimumOverlap` of its voxels are covered by the
   * prediction, by however many lesions; a predicted lesion is right by the same rule. `'iou'`: when it is paired, one to
   * one, with a predicted lesion of an IoU above `minimumIou`.
   */
  readonly matching?: 'overlap' | 'iou';
  /** Share of a lesion, 0..1, that has to be exceeded. Default 0: any common voxel. */
  readonly minimumOverlap?: number;
  /** Default 0.5. Also what the panoptic quality is computed with, whatever the matching. */
  readonly minimumIou?: number;
  /** What ratios are without a true lesion: NaN, or 1 and 0 for no and any predicted lesion. Default `'nan'`. */
  readonly empty?: 'nan' | 'one-zero';
}

/** What has to be known to count the same lesions again. */
export interface LesionDefinition {
  readonly package: '@infnet/metrics';
  readonly version: string;
  readonly connectivity: Connectivity;
  readonly matching: 'overlap' | 'iou';
  readonly minimumOverlap: number;
  readonly minimumIou: number;
  readonly spacing: readonly number[];
  readonly foregroundAbove: Foreground;
  readonly empty: 'nan' | 'one-zero';
}

/** One lesion and what became of it. */
export interface LesionRow extends Component {
  /** A true lesion: found. A predicted one: right. */
  readonly isMatched: boolean;
  /** Its voxels that lie in the other mask. */
  readonly overlap: number;
  /** overlap / voxels. */
  readonly share: number;
  /** Label of the lesion of the other mask with the largest IoU; undefined without any overlap. */
  readonly best: number | undefined;
  /** That IoU; 0 without any overlap. */
  readonly bestIou: number;
}

/** Lesions counted and compared. */
export interface LesionReport {
  readonly definition: LesionDefinition;
  readonly trueLesions: number;
  readonly predictedLesions: number;
  /** True lesions that were found. */
  readonly foundLesions: number;
  readonly missedLesions: number;
  /** Predicted lesions that are right. */
  readonly rightLesions: number;
  readonly falseLesions: number;
  /** foundLesions / trueLesions. */
  readonly lesionSensitivity: number;
  /** rightLesions / predictedLesions; 0 where lesions exist and none was predicted. */
  readonly lesionPrecision: number;
  /** Harmonic mean of the two. */
  readonly lesionF1: number;
  /** Mean IoU of the one-to-one pairs above `minimumIou`; 0 without a pair. */
  readonly segmentationQuality: number;
  /** Pairs / (pairs + half of the unpaired lesions of both masks). */
  readonly recognitionQuality: number;
  /** Their product (Kirillov et al., "Panoptic segmentation", CVPR 2019, one class). */
  readonly panopticQuality: number;
  /** One row per true lesion. */
  readonly truth: readonly LesionRow[];
  /** One row per predicted lesion. */
  readonly predictions: readonly LesionRow[];
}

/**
 * Compares two masks lesion by lesion: which were found, which are false alarms, how well the pairs agree.
 *
 * @param prediction mask, [depth * height * width], x fastest
 * @param groundTruth same size
 * @throws MetricsError `invalid-shape`, `length-mismatch`, `unsupported-array`, `not-finite`, `ambiguous-mask`,
 *   `invalid-option`
 *
 * @example
 * ```ts
 * import { evaluateLesions } from '@infnet/metrics/lesions';
 *
 * const prediction = Uint8Array.of(1, 1, 0, 0, 0, 0, 1);
 * const groundTruth = Uint8Array.of(1, 1, 0, 1, 0, 0, 0);
 * const report = evaluateLesions(prediction, groundTruth, { width: 7, height: 1 });
 * console.log(report.lesionSensitivity, report.lesionPrecision, report.panopticQuality); // 0.5 0.5 0.5
 * console.log(report.truth.map((row) => row.isMatched).join(' ')); // true false
 * ```
 */
export function evaluateLesions(
  prediction: MaskArray,
  groundTruth: MaskArray,
  options: LesionOptions,
): LesionReport {
  const grid = gridOf(options);
  const definition = defineLesions(options);
  const split = (mask: MaskArray, argument: string): LabelledRuns =>
    componentsOf(readMaskOf(grid, mask, definition.foregroundAbove, argument), grid, definition.connectivity);
  const predicted = split(prediction, 'prediction');
  const truth = split(groundTruth, 'groundTruth');
  const pairs = overlappingPairs(truth, predicted);
  const matches = matchOneToOne(pairs, definition.minimumIou);
  const trueRows = rowsOf(truth, definition, matches, pairs, 'truth', 'predicted');
  const predictedRows = rowsOf(predicted, definition, matches, pairs, 'predicted', 'truth');
  return {
    definition,
    ...summarise(trueRows, predictedRows, definition),
    ...panoptic(matches, trueRows.length, predictedRows.length, definition),
    truth: trueRows,
    predictions: predictedRows,
  };
}

function defineLesions(options: LesionOptions): LesionDefinition {
  const grid = gridOf(options);
  return {
    ...ORIGIN,
    connectivity: connectivityOf(grid, options.connectivity),
    matching: oneOf('matching', options.matching ?? 'overlap', ['overlap', 'iou']),
    minimumOverlap: belowOne('minimumOverlap', options.minimumOverlap ?? 0),
    minimumIou: belowOne('minimumIou', options.minimumIou ?? 0.5),
    spacing: grid.depth > 1 ? grid.spacing : grid.spacing.slice(0, 2),
    foregroundAbove: checkForeground(options.foregroundAbove ?? 'auto'),
    empty: oneOf('empty', options.empty ?? 'nan', ['nan', 'one-zero']),
  };
}

function belowOne(option: string, value: number): number {
  if (value >= 0 && value < 1) return value;
  throw new MetricsError('invalid-option', `${option} is ${value}`, 'pass a number from 0 on and below 1');
}

function rowsOf(
  { components }: LabelledRuns,
  { matching, minimumOverlap }: LesionDefinition,
  matches: readonly LesionPair[],
  pairs: readonly LesionPair[],
  own: 'truth' | 'predicted',
  other: 'truth' | 'predicted',
): LesionRow[] {
  const matched = new Set(matches.map((pair) => pair[own]));
  const overlaps = new Float64Array(components.length);
  const best = new Map<number, LesionPair>(); // pairs come by falling IoU
  for (const pair of pairs) {
    overlaps[pair[own] - 1]! += pair.overlap;
    if (!best.has(pair[own])) best.set(pair[own], pair);
  }
  return components.map((component) => {
    const overlap = overlaps[component.label - 1]!;
    const share = overlap / component.voxels;
    return {
      ...component,
      isMatched: matching === 'iou' ? matched.has(component.label) : share > minimumOverlap,
      overlap,
      share,
      best: best.get(component.label)?.[other],
      bestIou: best.get(component.label)?.iou ?? 0,
    };
  });
}

type Summary = Omit<
  LesionReport,
  'definition' | 'truth' | 'predictions' | 'segmentationQuality' | 'recognitionQuality' | 'panopticQuality'
>;

function summarise(
  truth: readonly LesionRow[],
  predictions: readonly LesionRow[],
  definition: LesionDefinition,
): Summary {
  const found = truth.filter(({ isMatched }) => isMatched).length;
  const right = predictions.filter(({ isMatched }) => isMatched).length;
  const undefinedRatio = ratioWithoutLesion(truth.length, predictions.length, definition);
  const sensitivity = found / truth.length;
  const precision = predictions.length === 0 ? 0 : right / predictions.length;
  const f1 = sensitivity + precision === 0 ? 0 : (2 * sensitivity * precision) / (sensitivity + precision);
  return {
    trueLesions: truth.length,
    predictedLesions: predictions.length,
    foundLesions: found,
    missedLesions: truth.length - found,
    rightLesions: right,
    falseLesions: predictions.length - right,
    lesionSensitivity: undefinedRatio ?? sensitivity,
    lesionPrecision: undefinedRatio ?? precision,
    lesionF1: undefinedRatio ?? f1,
  };
}

function panoptic(
  matches: readonly LesionPair[],
  truths: number,
  predictions: number,
  definition: LesionDefinition,
): Pick<LesionReport, 'segmentationQuality' | 'recognitionQuality' | 'panopticQuality'> {
  const undefinedRatio = ratioWithoutLesion(truths, predictions, definition);
  const sum = matches.reduce((total, { iou }) => total + iou, 0);
  const all = (truths + predictions) / 2;
  return {
    segmentationQuality: undefinedRatio ?? (matches.length === 0 ? 0 : sum / matches.length),
    recognitionQuality: undefinedRatio ?? matches.length / all,
    panopticQuality: undefinedRatio ?? sum / all,
  };
}

/** What every ratio is without a true lesion; undefined where there is one. */
function ratioWithoutLesion(
  truths: number,
  predictions: number,
  { empty }: LesionDefinition,
): number | undefined {
  if (truths > 0) return undefined;
  if (empty === 'nan') return NaN;
  return predictions === 0 ? 1 : 0;
}
