import type { ScoreName } from './scores.js';

/** Scores that are errors: 0 is perfect. */
const ERRORS: ReadonlySet<ScoreName> = new Set<ScoreName>([
  'meanAbsoluteError',
  'brierScore',
  'expectedCalibrationError',
]);

/**
 * Whether more of a score is better.
 *
 * @example
 * ```ts
 * import { isBetterHigh } from '@infnet/metrics';
 *
 * console.log(isBetterHigh('meanDice'), isBetterHigh('meanAbsoluteError')); // true false
 * ```
 */
export function isBetterHigh(name: ScoreName): boolean {
  return !ERRORS.has(name);
}
