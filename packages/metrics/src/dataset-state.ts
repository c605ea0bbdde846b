import type { CaseRow } from './dataset-summary.js';
import type { Definition } from './definition.js';
import { MetricsError } from './errors.js';
import { RunningMean, type RunningMeanState } from './running-mean.js';

const FORMAT = 'infnet-metrics-dataset/1';

/**
 * Complete state of a `DatasetEvaluator` as plain data. JSON has no NaN and no Infinity: such a number is written as
 * `{ "number": "NaN" }`.
 */
export interface DatasetState {
  readonly format: typeof FORMAT;
  readonly definition: Definition;
  readonly keepCases: boolean;
  readonly cases: number;
  readonly curves: Readonly<Record<string, RunningMeanState>>;
  readonly scores: Readonly<Record<string, RunningMeanState>>;
  readonly rows: readonly CaseRow[];
}

/** Plain data that JSON carries without loss. */
export function writeState(content: Omit<DatasetState, 'format'>): DatasetState {
  return encode({ format: FORMAT, ...content }) as DatasetState;
}

/**
 * Reverses {@link writeState}, from an object or JSON text.
 *
 * @throws MetricsError `invalid-state`
 */
export function readState(json: unknown): DatasetState {
  const state = decode(typeof json === 'string' ? parse(json) : json);
  const complete =
    isRecord(state) &&
    state['format'] === FORMAT &&
    isRecord(state['definition']) &&
    typeof state['keepCases'] === 'boolean' &&
    isCount(state['cases']) &&
    isRecord(state['curves']) &&
    isRecord(state['scores']) &&
    Array.isArray(state['rows']);
  if (!complete) throw invalid(`no ${FORMAT} state`);
  return state as unknown as DatasetState;
}

/**
 * The running means of a state, one per name.
 *
 * @throws MetricsError `invalid-state` where one is missing or has another length
 */
export function readMeans<N extends string>(
  states: Readonly<Record<string, RunningMeanState>>,
  names: Iterable<N>,
  length: number,
): Map<N, RunningMean> {
  const means = new Map<N, RunningMean>();
  for (const name of names) {
    const state: unknown = states[name];
    const sound =
      isRecord(state) &&
      Array.isArray(state['sums']) &&
      state['sums'].length === length &&
      state['sums'].every((sum) => typeof sum === 'number') &&
      isCount(state['n']) &&
      isCount(state['excluded']);
    if (!sound) throw invalid(`the running mean "${name}" is missing or damaged`);
    means.set(name, RunningMean.from(state as unknown as RunningMeanState));
  }
  return means;
}

function encode(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : { number: String(value) };
  if (Array.isArray(value)) return value.map(encode);
  return isRecord(value) ? mapValues(value, encode) : value;
}

function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode);
  if (!isRecord(value)) return value;
  return typeof value['number'] === 'string' ? Number(value['number']) : mapValues(value, decode);
}

function mapValues(
  record: Record<string, unknown>,
  change: (value: unknown) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid('not JSON', cause);
  }
}

function invalid(what: string, cause?: unknown): MetricsError {
  return new MetricsError(
    'invalid-state',
    `cannot continue from this state: ${what}`,
    'pass what DatasetEvaluator.toJSON() returned, or that as JSON text',
    cause === undefined ? undefined : { cause },
  );
}
