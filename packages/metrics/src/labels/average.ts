import type { EmptyPolicy } from '../empty-policy.js';
import { overlap, sumCounts, whenUndefined, type Counts, type Overlap } from '../overlap.js';

/** A mean over classes: how many it covers, and how many had no defined value and were left out. */
export interface ClassMean {
  readonly value: number;
  readonly n: number;
  readonly excluded: number;
}

/** One mean per measure. */
export type ClassMeans = Readonly<Record<keyof Overlap, ClassMean>>;

/** How the generalised Dice weighs a class of g voxels: 1 / g^2, 1 / g, or 1. */
export type GeneralisedWeights = 'square' | 'simple' | 'uniform';

/** Counts and ratios of one class against all others. */
export type ClassOverlap = Counts & Overlap;

/** Mean of every measure over the classes that have it; each class counts by its weight. */
export function averageClasses(
  classes: readonly ClassOverlap[],
  empty: EmptyPolicy,
  weightOf: (one: ClassOverlap) => number,
): ClassMeans {
  const names = Object.keys(overlap({ truePositives: 0, predicted: 0, foreground: 0, pixels: 1 }, empty));
  return Object.fromEntries(
    names.map((name) => {
      const defined = classes.filter((one) => !Number.isNaN(one[name as keyof Overlap]));
      const weights = defined.reduce((sum, one) => sum + weightOf(one), 0);
      const sum = defined.reduce((total, one) => total + weightOf(one) * one[name as keyof Overlap], 0);
      return [name, { value: sum / weights, n: defined.length, excluded: classes.length - defined.length }];
    }),
  ) as Record<keyof Overlap, ClassMean>;
}

/** Overlap of all classes' decisions put together. */
export function poolClasses(classes: readonly Counts[], empty: EmptyPolicy): ClassOverlap {
  const counts = sumCounts(classes);
  return { ...counts, ...overlap(counts, empty) };
}

/**
 * Generalised Dice (Sudre et al., "Generalised Dice overlap as a deep learning loss function", 2017). A class that the
 * ground truth lacks would weigh infinitely much; it takes the largest weight of the others.
 */
export function generalisedDice(
  classes: readonly Counts[],
  weights: GeneralisedWeights,
  empty: EmptyPolicy,
): number {
  const power = { square: 2, simple: 1, uniform: 0 }[weights];
  const present = classes.filter(({ foreground }) => foreground > 0);
  if (present.length === 0) {
    const agrees = classes.every(({ predicted }) => predicted === 0);
    return empty === 'reference' ? 0 : whenUndefined(empty, agrees);
  }
  const weightOf = (foreground: number): number => 1 / foreground ** power;
  const largest = Math.max(...present.map(({ foreground }) => weightOf(foreground)));
  let both = 0;
  let all = 0;
  for (const { truePositives, predicted, foreground } of classes) {
    const weight = foreground === 0 ? largest : weightOf(foreground);
    both += weight * truePositives;
    all += weight * (foreground + predicted);
  }
  return (2 * both) / all;
}
