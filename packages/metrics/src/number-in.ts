import { MetricsError } from './errors.js';

/**
 * The value itself if it is finite and lies in from..to, both included.
 *
 * @throws MetricsError `invalid-option`, with the range
 */
export function numberIn(
  option: string,
  value: number,
  from: number,
  to: number = Infinity,
  kind: 'number' | 'whole number' = 'number',
): number {
  const isOfKind = kind === 'number' ? Number.isFinite : Number.isSafeInteger;
  if (isOfKind(value) && value >= from && value <= to) return value;
  const range = to === Infinity ? `${from} on` : `${from} to ${to}`;
  throw new MetricsError('invalid-option', `${option} is ${String(value)}`, `pass a ${kind} from ${range}`);
}
