import { MetricsError } from './errors.js';

/**
 * The value itself if it is one of the choices; for callers without a type checker.
 *
 * @throws MetricsError `invalid-option`, with the list of choices
 */
export function oneOf<T extends string>(option: string, value: T, choices: readonly T[]): T {
  if (choices.includes(value)) return value;
  throw new MetricsError('invalid-option', `${option} is '${value}'`, `choose ${choices.join(' or ')}`);
}
