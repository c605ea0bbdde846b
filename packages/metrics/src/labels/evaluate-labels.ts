import { checkEmptyPolicy, type EmptyPolicy } from '../empty-policy.js';
import { MetricsError } from '../errors.js';
import { flatten, withPlainNumbers, type MaskArray } from '../inputs.js';
import { oneOf } from '../one-of.js';
import { F_BETA_SQUARED, overlap, whenUndefined } from '../overlap.js';
import { ORIGIN } from '../version.js';
import {
  averageClasses,
  generalisedDice,
  poolClasses,
  type ClassMeans,
  type ClassOverlap,
  type GeneralisedWeights,
} from './average.js';
import { labelSet, placesOf, type Label } from './label-set.js';

/** Options of {@link evaluateLabels}. */
export interface LabelOptions {
  /** Names and values of the classes, or values alone. Any other value is refused. Default: every value that occurs. */
  readonly labels?: Readonly<Record<string, number>> | readonly number[];
  /** Class that no average covers. Default 0; `'none'` averages over all. */
  readonly background?: number | 'none';
  /** Default `'nan'`: what is undefined for a class is left out of the averages, and counted. */
  readonly empty?: EmptyPolicy;
  /** How the generalised Dice weighs classes. Default `'square'`. */
  readonly generalisedWeights?: GeneralisedWeights;
}

/** What has to be known to compute the same numbers again. */
export interface LabelDefinition {
  readonly package: '@infnet/metrics';
  readonly version: string;
  readonly labels: readonly Label[];
  readonly background: number | 'none';
  readonly empty: EmptyPolicy;
  readonly generalisedWeights: GeneralisedWeights;
  readonly fBetaSquared: number;
}

/** Overlap of one class against all others. */
export interface ClassReport extends ClassOverlap, Label {}

/** Two label maps compared. */
export interface LabelReport {
  readonly definition: LabelDefinition;
  /** One report per class by rising value, the background included. */
  readonly classes: readonly ClassReport[];
  /** Voxels by true class (row) and predicted class (column), in the order of `classes`. */
  readonly confusion: readonly (readonly number[])[];
  /** Each class counts the same. */
  readonly macro: ClassMeans;
  /** Each class counts by its voxels in the ground truth. */
  readonly weighted: ClassMeans;
  /** All classes' decisions put together: large classes dominate. */
  readonly micro: ClassOverlap;
  readonly generalisedDice: number;
  /** Share of voxels with the right label, background included. */
  readonly overallAccuracy: number;
  /** Cohen's kappa over all classes, background included. */
  readonly overallKappa: number;
}

/**
 * Compares two label maps class by class, and averages in every usual way.
 *
 * @param prediction whole numbers, any number of dimensions
 * @param groundTruth same size
 * @throws MetricsError `length-mismatch`, `unsupported-array`, `invalid-shape`, `invalid-option`, `out-of-range` for a
 *   value that is no label, with its place
 *
 * @example
 * ```ts
 * import { evaluateLabels } from '@infnet/metrics/labels';
 *
 * const prediction = Uint8Array.of(0, 1, 1, 2, 2, 2);
 * const groundTruth = Uint8Array.of(0, 1, 1, 1, 2, 2);
 * const labels = { 'ground-glass': 1, consolidation: 2 };
 * const { classes, macro, micro } = evaluateLabels(prediction, groundTruth, { labels });
 * console.log(classes.map(({ name, dice }) => `${name} ${dice.toFixed(2)}`).join(', ')); // background 1.00, ground-glass 0.80, consolidation 0.80
 * console.log(macro.dice.value.toFixed(2), micro.dice.toFixed(2)); // 0.80 0.80
 * ```
 */
export function evaluateLabels(
  prediction: MaskArray,
  groundTruth: MaskArray,
  options: LabelOptions = {},
): LabelReport {
  const definitionOf = (labels: readonly Label[]): LabelDefinition => ({
    ...ORIGIN,
    labels,
    background: options.background ?? 0,
    empty: checkEmptyPolicy(options.empty),
    generalisedWeights: oneOf('generalisedWeights', options.generalisedWeights ?? 'square', [
      'square',
      'simple',
      'uniform',
    ]),
    fBetaSquared: F_BETA_SQUARED,
  });
  const maps = {
    prediction: withPlainNumbers(flatten(prediction, 'prediction')),
    groundTruth: withPlainNumbers(flatten(groundTruth, 'groundTruth')),
  };
  checkLengths(maps.prediction.length, maps.groundTruth.length);
  const background = options.background === 'none' ? undefined : (options.background ?? 0);
  const definition = definitionOf(labelSet(options.labels, background, maps));
  const { labels, empty } = definition;
  const confusion = count(
    placesOf(maps.groundTruth, labels, 'groundTruth'),
    placesOf(maps.prediction, labels, 'prediction'),
    labels.length,
  );
  const classes = classReports(confusion, definition);
  const averaged = classes.filter(({ value }) => value !== background);
  return {
    definition,
    classes,
    confusion,
    macro: averageClasses(averaged, empty, () => 1),
    weighted: averageClasses(averaged, empty, ({ foreground }) => foreground),
    micro: poolClasses(averaged, empty),
    generalisedDice: generalisedDice(averaged, definition.generalisedWeights, empty),
    ...overall(classes, empty),
  };
}

function checkLengths(predicted: number, truth: number): void {
  if (predicted === truth && truth > 0) return;
  throw new MetricsError(
    truth === 0 ? 'invalid-shape' : 'length-mismatch',
    `prediction holds ${predicted} values, groundTruth ${truth}`,
    'both label maps need the same size, one value per voxel; resize probabilities, never labels',
  );
}

/** Voxels by true and predicted class. */
function count(truth: Uint16Array, predicted: Uint16Array, classes: number): number[][] {
  const cells = new Float64Array(classes * classes);
  for (let i = 0; i < truth.length; i++) cells[truth[i]! * classes + predicted[i]!]!++;
  return Array.from({ length: classes }, (_, row) => [...cells.subarray(row * classes, (row + 1) * classes)]);
}

function classReports(
  confusion: readonly (readonly number[])[],
  { labels, empty }: LabelDefinition,
): ClassReport[] {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const pixels = sum(confusion.map(sum));
  return labels.map((label, k) => {
    const counts = {
      truePositives: confusion[k]![k]!,
      predicted: sum(confusion.map((row) => row[k]!)),
      foreground: sum(confusion[k]!),
      pixels,
    };
    return { ...label, ...counts, ...overlap(counts, empty) };
  });
}

function overall(
  classes: readonly ClassReport[],
  empty: EmptyPolicy,
): Pick<LabelReport, 'overallAccuracy' | 'overallKappa'> {
  const { pixels } = classes[0]!;
  const right = classes.reduce((sum, { truePositives }) => sum + truePositives, 0) / pixels;
  const chance = classes.reduce((sum, one) => sum + (one.predicted * one.foreground) / pixels / pixels, 0);
  const kappa = chance === 1 ? whenUndefined(empty, right === 1) : (right - chance) / (1 - chance);
  return { overallAccuracy: right, overallKappa: kappa };
}
