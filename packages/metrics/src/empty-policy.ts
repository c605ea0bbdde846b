import { oneOf } from './one-of.js';

/**
 * What a ratio is where its definition gives 0 / 0. Which cases that touches depends on the ground truth alone, so two
 * models are always compared on the same cases.
 *
 * - `'nan'`: without foreground in the ground truth, Dice, IoU, F, precision and sensitivity are NaN; without
 *   background, specificity is. Such cases are left out of means and counted in `excluded`.
 * - `'one-zero'`: the same cases count 1 if the prediction is empty (full) too, else 0.
 * - `'reference'`: the released code. Every ratio is 0 where no true positive exists, specificity too, even for an
 *   empty prediction of an empty ground truth; specificity is NaN for an all-foreground ground truth and poisons means.
 */
export type EmptyPolicy = 'nan' | 'one-zero' | 'reference';

/**
 * The policy, `'nan'` by default.
 *
 * @throws MetricsError `invalid-option`
 */
export function checkEmptyPolicy(empty: EmptyPolicy = 'nan'): EmptyPolicy {
  return oneOf('empty', empty, ['nan', 'one-zero', 'reference']);
}
