import { evaluateLabels, type EmptyPolicy } from '@infnet/metrics';
import type { LabelClass } from './labels.js';
import type { ReadMap } from './read-map.js';

/** Averages over the classes of a case, each under its own name: they are different numbers. */
export const LABEL_MEASURES = [
  'macroDice',
  'weightedDice',
  'microDice',
  'generalisedDice',
  'overallAccuracy',
] as const;

/** Name of such an average. */
export type LabelMeasure = (typeof LABEL_MEASURES)[number];

/** Averages of a case over its classes; what is neither of them counts as background. */
export function labelMeasures(
  prediction: ReadMap,
  truth: ReadMap,
  classes: readonly LabelClass[],
  empty: EmptyPolicy = 'nan',
): Record<LabelMeasure, number> {
  const known = new Set(classes.map(({ label }) => label));
  const [predicted, actual] = [prediction, truth].map(({ data }) =>
    Uint8Array.from(data, (value) => (known.has(value) ? value : 0)),
  );
  const labels = Object.fromEntries(classes.map(({ label, name }) => [name, label]));
  const { macro, weighted, micro, generalisedDice, overallAccuracy } = evaluateLabels(predicted!, actual!, {
    labels,
    empty,
  });
  return {
    macroDice: macro.dice.value,
    weightedDice: weighted.dice.value,
    microDice: micro.dice,
    generalisedDice,
    overallAccuracy,
  };
}
