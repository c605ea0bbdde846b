import { TrainingError } from '../errors.js';
import { Random, shuffled } from '../random.js';

/** A data set divided in two; order within each part is that of the whole. */
export interface Split<T> {
  readonly training: readonly T[];
  readonly validation: readonly T[];
}

/**
 * Sets `fraction` of the items aside for validation: a seeded draw that depends on the ids only, not on their order.
 * The count is rounded; any fraction above 0 takes at least one and leaves at least one.
 *
 * @param options.fraction 0 … 1 exclusive of 1; 0 keeps all for training
 * @throws TrainingError `invalid-option`
 */
export function splitValidation<T extends { readonly id: string }>(
  items: readonly T[],
  options: { readonly fraction: number; readonly seed: number },
): Split<T> {
  const { fraction, seed } = options;
  if (!(fraction >= 0 && fraction < 1)) {
    throw new TrainingError(
      'invalid-option',
      `validation fraction ${fraction} is not in 0 … 1`,
      'Give the share of slices to set aside, for example 0.16; 0 for none.',
    );
  }
  if (fraction === 0) return { training: items, validation: [] };
  if (items.length < 2) {
    throw new TrainingError(
      'invalid-option',
      `${items.length} slice cannot be split into training and validation`,
      'Add slices, or train without validation (fraction 0).',
    );
  }
  const count = Math.min(Math.max(Math.round(fraction * items.length), 1), items.length - 1);
  const ids = items.map((item) => item.id).toSorted();
  const chosen = new Set(shuffled(ids, Random.of(seed, 'validation split')).slice(0, count));
  return {
    training: items.filter((item) => !chosen.has(item.id)),
    validation: items.filter((item) => chosen.has(item.id)),
  };
}
