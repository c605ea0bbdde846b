import { MetricsError } from './errors.js';

/** Deeper than anything this package writes. */
const DEEPEST = 12;

/**
 * Plain data for JSON, which has no NaN and no Infinity: such a number is written as `{ "number": "NaN" }`.
 */
export function encodeNumbers(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : { number: String(value) };
  if (Array.isArray(value)) return value.map(encodeNumbers);
  return isRecord(value) ? mapValues(value, encodeNumbers) : value;
}

/**
 * Reverses {@link encodeNumbers}, from an object or JSON text. Nothing is believed yet: only numbers are restored.
 *
 * @throws MetricsError `invalid-state` for what is no JSON, or is nested deeper than any state
 */
function decodeNumbers(json: unknown): unknown {
  return decode(typeof json === 'string' ? parse(json) : json, 0);
}

/**
 * What {@link encodeNumbers} made of a state of this format, from an object or JSON text.
 *
 * @throws MetricsError `invalid-state` where the format is another or a list of these is missing
 */
export function readFormat(json: unknown, format: string, lists: readonly string[]): Record<string, unknown> {
  const state = decodeNumbers(json);
  if (isRecord(state) && state['format'] === format && lists.every((name) => Array.isArray(state[name]))) {
    return state;
  }
  throw invalidState(`no ${format} state`);
}

function decode(value: unknown, depth: number): unknown {
  if (depth > DEEPEST) throw invalidState('it is nested too deeply');
  if (Array.isArray(value)) return value.map((item) => decode(item, depth + 1));
  if (!isRecord(value)) {
    if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value;
    throw invalidState(`it holds a ${typeof value}`);
  }
  return typeof value['number'] === 'string'
    ? Number(value['number'])
    : mapValues(value, (item) => decode(item, depth + 1));
}

function mapValues(
  record: Record<string, unknown>,
  change: (value: unknown) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

/** A plain object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A record's own value of that name, never one it inherits. */
export function ownValue(record: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** A whole number that counts something. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** A list of `length` numbers (NaN and Infinity included), each passing the test. */
export function isNumberList(
  value: unknown,
  length: number,
  passes: (item: unknown) => boolean = isNumber,
): value is number[] {
  return Array.isArray(value) && value.length === length && value.every((item) => passes(item));
}

/** Any number, NaN and Infinity included. */
export function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

/** The error for a state that cannot be taken up. */
export function invalidState(what: string, cause?: unknown): MetricsError {
  return new MetricsError(
    'invalid-state',
    `cannot continue from this state: ${what}`,
    'pass what toJSON() of the same class returned, or that as JSON text',
    cause === undefined ? undefined : { cause },
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalidState('not JSON', cause);
  }
}
