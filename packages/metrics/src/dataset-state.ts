import type { CaseRow } from './dataset-summary.js';
import { defineMetrics, optionsOf, type Definition } from './definition.js';
import { MetricsError } from './errors.js';
import { countsFrom, type Counts } from './overlap.js';
import type { PooledCounts } from './pooled-counts.js';
import {
  encodeNumbers,
  invalidState,
  isCount,
  isNumber,
  isNumberList,
  isRecord,
  ownValue,
  readFormat,
} from './read-plain.js';
import { RunningMean, type RunningMeanState } from './running-mean.js';
import { RunningMoments, type RunningMomentsState } from './running-moments.js';
import { SCORE_NAMES, type Scores } from './scores.js';

const FORMAT = 'infnet-metrics-dataset/2';

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
  readonly caseScores: Readonly<Record<string, RunningMomentsState>>;
  readonly pooled: PooledCounts;
  readonly rows: readonly CaseRow[];
}

/** Plain data that JSON carries without loss. */
export function writeState(content: Omit<DatasetState, 'format'>): DatasetState {
  return encodeNumbers({ format: FORMAT, ...content }) as DatasetState;
}

/**
 * Reverses {@link writeState}, from an object or JSON text. The definition, the counts and the rows are checked here, the
 * running means by {@link readMeans} and {@link readMoments}, which know their names.
 *
 * @throws MetricsError `invalid-state`, or `definition-mismatch` when another version of this package wrote it
 */
export function readState(json: unknown): DatasetState {
  const state = readFormat(json, FORMAT, ['rows']);
  const complete =
    typeof state['keepCases'] === 'boolean' &&
    isCount(state['cases']) &&
    isRecord(state['curves']) &&
    isRecord(state['scores']) &&
    isRecord(state['caseScores']);
  if (!complete) throw invalidState(`no ${FORMAT} state`);
  const { keepCases, cases, rows } = state;
  const definition = readDefinition(state['definition']);
  if ((rows as unknown[]).length !== (keepCases ? cases : 0)) {
    throw invalidState('it does not hold one row per case');
  }
  return {
    ...(state as unknown as DatasetState),
    definition,
    pooled: readPooled(state['pooled'], definition.thresholds.length),
    rows: (rows as unknown[]).map(readRow),
  };
}

/**
 * A definition, if it is what the options that it names give.
 *
 * @throws MetricsError `invalid-state`, `definition-mismatch`
 */
function readDefinition(json: unknown): Definition {
  const thresholds = isRecord(json) ? json['thresholds'] : undefined;
  if (!Array.isArray(thresholds) || !isNumberList(thresholds, thresholds.length)) {
    throw invalidState('its definition is missing or damaged');
  }
  const given = json as Definition;
  let definition: Definition;
  try {
    definition = defineMetrics(optionsOf(given));
  } catch (cause) {
    throw invalidState('its definition names an option that does not exist', cause);
  }
  checkSameDefinition(definition, given);
  return definition;
}

/** @throws MetricsError `definition-mismatch` */
export function checkSameDefinition(own: Definition, other: Definition): void {
  if (own === other || JSON.stringify(own) === JSON.stringify(other)) return;
  throw new MetricsError(
    'definition-mismatch',
    `the other result was made by another definition (${JSON.stringify([other.protocol, other.version])})`,
    'measure both with the same options and the same version of @infnet/metrics',
  );
}

/**
 * The running means of a state, one per name, each covering all of its cases.
 *
 * @throws MetricsError `invalid-state` where one is missing, damaged, or has another length
 */
export function readMeans<N extends string>(
  states: Readonly<Record<string, unknown>>,
  means: ReadonlyMap<N, RunningMean>,
  cases: number,
): Map<N, RunningMean> {
  return readEach(states, means, 'running mean', (state, { length }) => {
    const isSound = isNumberList(state['sums'], length) && coversCases(state, cases);
    return isSound ? RunningMean.from(state as unknown as RunningMeanState) : undefined;
  });
}

/**
 * As {@link readMeans}, for means with their spread.
 *
 * @throws MetricsError `invalid-state`
 */
export function readMoments<N extends string>(
  states: Readonly<Record<string, unknown>>,
  moments: ReadonlyMap<N, RunningMoments>,
  cases: number,
): Map<N, RunningMoments> {
  return readEach(states, moments, 'mean over cases', (state) => {
    const isSound =
      coversCases(state, cases) &&
      isCount(state['infinite']) &&
      state['infinite'] <= (state['n'] as number) &&
      isNumber(state['mean']) &&
      isNumber(state['squaredDeviations']);
    return isSound ? RunningMoments.from(state as unknown as RunningMomentsState) : undefined;
  });
}

/** Everything in the state that stands under a name of the template. */
function readEach<N extends string, T>(
  states: Readonly<Record<string, unknown>>,
  template: ReadonlyMap<N, T>,
  what: string,
  read: (state: Record<string, unknown>, like: T) => T | undefined,
): Map<N, T> {
  return new Map(
    Array.from(template, ([name, like]) => {
      const state = ownValue(states, name);
      const value = isRecord(state) ? read(state, like) : undefined;
      if (value === undefined) throw invalidState(`the ${what} "${name}" is missing or damaged`);
      return [name, value];
    }),
  );
}

function coversCases({ n, excluded }: Record<string, unknown>, cases: number): boolean {
  return isCount(n) && isCount(excluded) && n + excluded === cases;
}

function readPooled(json: unknown, thresholds: number): PooledCounts {
  const sound =
    isRecord(json) &&
    isCount(json['pixels']) &&
    isCount(json['foreground']) &&
    isNumberList(json['truePositives'], thresholds, isCount) &&
    isNumberList(json['predicted'], thresholds, isCount) &&
    isCounts(json['atHalf']);
  if (!sound) throw invalidState('its pixel counts are missing or damaged');
  const { pixels, foreground, truePositives, predicted, atHalf } = json as unknown as PooledCounts;
  return { pixels, foreground, truePositives, predicted, atHalf };
}

/** Whether the value holds four counts that can belong to one prediction. */
export function isCounts(value: unknown): value is Counts {
  if (!isRecord(value)) return false;
  const { truePositives, predicted, foreground, pixels } = countsFrom((name) => value[name] as number);
  return (
    [truePositives, predicted, foreground, pixels].every(isCount) &&
    truePositives <= Math.min(predicted, foreground) &&
    Math.max(predicted, foreground) <= pixels
  );
}

/** A row with only what a row has. */
function readRow(json: unknown): CaseRow {
  const row = isRecord(json) ? json : {};
  const { id, width, height, foreground, warnings } = row;
  const sound =
    typeof id === 'string' &&
    isCount(width) &&
    isCount(height) &&
    isCount(foreground) &&
    foreground <= width * height &&
    Array.isArray(warnings) &&
    warnings.every((warning) => typeof warning === 'string');
  if (!sound) throw invalidState('a row is damaged');
  return { id, width, height, foreground, scores: readScores(row['scores']), warnings };
}

function readScores(json: unknown): Scores {
  const given = isRecord(json) ? json : {};
  const scores = SCORE_NAMES.flatMap((name) => {
    const value = ownValue(given, name);
    if (value === undefined && name === 'weightedF') return [];
    if (!isNumber(value)) throw invalidState(`a row has no number "${name}"`);
    return [[name, value] as const];
  });
  return Object.fromEntries(scores) as unknown as Scores;
}
