import { CURVE_NAMES, maxOf, meanOf, type CurveName } from './curves.js';
import {
  checkSameDefinition,
  readMeans,
  readMoments,
  readState,
  writeState,
  type DatasetState,
} from './dataset-state.js';
import type { CaseRow, DatasetSummary, MeanCurve, MeanScore } from './dataset-summary.js';
import { defineMetrics, optionsOf, type Definition, type MetricOptions } from './definition.js';
import { duplicateId } from './errors.js';
import { evaluateWith, type MapReport } from './evaluate-map.js';
import type { MaskArray, PredictionArray, Shape } from './inputs.js';
import { PooledCounter } from './pooled-counts.js';
import { RunningMean } from './running-mean.js';
import { RunningMoments } from './running-moments.js';
import { SCORE_NAMES, scoreNamesOf, type ScoreName, type ScoreTable } from './scores.js';

/** How a data set is measured. */
export interface DatasetOptions extends MetricOptions {
  /** Keep one row per case. Default true; false makes memory independent of the number of cases. */
  readonly keepCases?: boolean;
}

/** Scores that are averaged over cases as they are; means and maxima come from the averaged curves instead. */
const AVERAGED: readonly ScoreName[] = SCORE_NAMES.filter(
  (name) =>
    !CURVE_NAMES.some((curve) =>
      scoreNamesOf(curve)
        .slice(0, 2)
        .includes(name as never),
    ),
);

/**
 * Measures a data set case by case and averages as the authors do: curves over cases, then their mean and maximum.
 *
 * Under `empty: 'reference'` a NaN of one case makes the mean NaN, as in MATLAB. Otherwise cases without a defined value
 * are left out of that mean, and counted.
 *
 * @example
 * ```ts
 * import { DatasetEvaluator } from '@infnet/metrics';
 *
 * const evaluator = new DatasetEvaluator({ protocol: 'infnet' });
 * evaluator.add('slice-1', Uint8Array.of(255, 128, 0, 0), Uint8Array.of(255, 0, 0, 0), { width: 2, height: 2 });
 * console.log(evaluator.summary().scores.meanDice.value.toFixed(3)); // 0.831
 * ```
 */
export class DatasetEvaluator {
  readonly definition: Definition;
  readonly #keepCases: boolean;
  readonly #rows: CaseRow[] = [];
  readonly #ids: Set<string> = new Set();
  #curves: Map<CurveName, RunningMean>;
  #scores: Map<ScoreName, RunningMean>;
  #caseScores: Map<ScoreName, RunningMoments>;
  #pooled: PooledCounter;
  #cases = 0;

  /** @throws MetricsError `invalid-option` */
  constructor(options: DatasetOptions = {}) {
    this.definition = defineMetrics(options);
    this.#keepCases = options.keepCases ?? true;
    const { thresholds, weightedF } = this.definition;
    const measured = (name: ScoreName): boolean => weightedF || name !== 'weightedF';
    this.#curves = new Map(CURVE_NAMES.map((name) => [name, new RunningMean(thresholds.length)]));
    this.#scores = new Map(AVERAGED.filter(measured).map((name) => [name, new RunningMean(1)]));
    this.#caseScores = new Map(SCORE_NAMES.filter(measured).map((name) => [name, new RunningMoments()]));
    this.#pooled = new PooledCounter(thresholds.length);
  }

  /**
   * Continues from what {@link DatasetEvaluator.toJSON} gave, parsed or not.
   *
   * Nothing in it is believed unchecked: a state may come from another machine.
   *
   * @throws MetricsError `invalid-state`, `duplicate-id`, or `definition-mismatch` when another version of this package
   *   wrote it
   */
  static fromJSON(json: unknown): DatasetEvaluator {
    const state = readState(json);
    const evaluator = new DatasetEvaluator({ ...optionsOf(state.definition), keepCases: state.keepCases });
    const { cases, rows } = state;
    evaluator.#curves = readMeans(state.curves, evaluator.#curves, cases);
    evaluator.#scores = readMeans(state.scores, evaluator.#scores, cases);
    evaluator.#caseScores = readMoments(state.caseScores, evaluator.#caseScores, cases);
    evaluator.#pooled = PooledCounter.from(state.pooled);
    evaluator.#cases = cases;
    for (const row of rows) {
      if (evaluator.#ids.has(row.id)) throw duplicateId('case', row.id);
      evaluator.#keepRows([row]);
    }
    return evaluator;
  }

  /** The options that make an evaluator of the same kind, for example in a worker. */
  get options(): DatasetOptions {
    return { ...optionsOf(this.definition), keepCases: this.#keepCases };
  }

  /** Number of cases so far. */
  get size(): number {
    return this.#cases;
  }

  /**
   * Measures one case and adds it. A case that throws is not added, so the rest of a run can go on.
   *
   * @returns the case's own report, with its curves
   * @throws MetricsError `duplicate-id`, and whatever {@link evaluateMap} throws
   */
  add(id: string, prediction: PredictionArray, groundTruth: MaskArray, shape: Shape): MapReport {
    if (this.#ids.has(id)) throw duplicateId('case', id);
    const report = evaluateWith(prediction, groundTruth, shape, this.definition);
    this.addReport(id, report);
    return report;
  }

  /**
   * Adds a case that was measured elsewhere, by {@link evaluateMap} with the same options.
   *
   * @throws MetricsError `duplicate-id`, `definition-mismatch`
   */
  addReport(id: string, report: MapReport): void {
    if (this.#ids.has(id)) throw duplicateId('case', id);
    checkSameDefinition(this.definition, report.definition);
    for (const [name, mean] of this.#curves) this.#accumulate(mean, report.curves[name]);
    for (const [name, mean] of this.#scores) this.#accumulate(mean, [report.scores[name] ?? NaN]);
    for (const [name, moments] of this.#caseScores) {
      const value = report.scores[name] ?? NaN;
      if (this.#isLeftOut(value)) moments.exclude();
      else moments.add(value);
    }
    this.#pooled.add(report);
    this.#cases++;
    const { width, height, foreground, scores, warnings } = report;
    this.#keepRows([{ id, width, height, foreground, scores, warnings }]);
  }

  /**
   * Adds all cases of another evaluator, for example one that ran in a worker. The parts in any order give the whole:
   * counts exactly, means but for the rounding of their sums.
   *
   * @throws MetricsError `definition-mismatch`, `duplicate-id`; nothing is added then
   */
  merge(other: DatasetEvaluator): this {
    checkSameDefinition(this.definition, other.definition);
    for (const { id } of other.#rows) if (this.#ids.has(id)) throw duplicateId('case', id);
    for (const [name, mean] of this.#curves) mean.merge(other.#curves.get(name)!);
    for (const [name, mean] of this.#scores) mean.merge(other.#scores.get(name)!);
    for (const [name, moments] of this.#caseScores) moments.merge(other.#caseScores.get(name)!);
    this.#pooled.merge(other.#pooled);
    this.#cases += other.#cases;
    this.#keepRows(other.#rows);
    return this;
  }

  /** Means over the cases so far. Without any case every value is NaN with n = 0. */
  summary(): DatasetSummary {
    const scores: Partial<Record<ScoreName, MeanScore>> = {};
    const curves: Partial<Record<CurveName, MeanCurve>> = {};
    for (const [name, running] of this.#curves) {
      const { n, excluded } = running;
      const values = running.values();
      const [mean, max] = scoreNamesOf(name);
      scores[mean] = { value: meanOf(values), n, excluded };
      scores[max] = { value: maxOf(values), n, excluded };
      curves[name] = { values: [...values], n, excluded };
    }
    for (const [name, running] of this.#scores) {
      scores[name] = { value: running.values()[0]!, n: running.n, excluded: running.excluded };
    }
    const caseScores = [...this.#caseScores].map(([name, moments]) => [name, moments.summary()]);
    return {
      definition: this.definition,
      cases: this.#cases,
      scores: inTableOrder(scores),
      caseScores: Object.fromEntries(caseScores) as DatasetSummary['caseScores'],
      pooled: this.#pooled.summary(this.definition),
      curves: curves as Record<CurveName, MeanCurve>,
      rows: [...this.#rows],
    };
  }

  /** The complete state as plain data, NaN and Infinity as strings, so that JSON carries it without loss. */
  toJSON(): DatasetState {
    return writeState({
      definition: this.definition,
      keepCases: this.#keepCases,
      cases: this.#cases,
      curves: statesOf(this.#curves),
      scores: statesOf(this.#scores),
      caseScores: statesOf(this.#caseScores),
      pooled: this.#pooled.counts(),
      rows: this.#rows,
    });
  }

  #accumulate(mean: RunningMean, values: ArrayLike<number>): void {
    if (this.#isLeftOut(values[0]!)) mean.exclude();
    else mean.add(values);
  }

  #isLeftOut(value: number): boolean {
    return Number.isNaN(value) && this.definition.empty !== 'reference';
  }

  #keepRows(rows: readonly CaseRow[]): void {
    if (!this.#keepCases) return;
    for (const row of rows) {
      this.#rows.push(row);
      this.#ids.add(row.id);
    }
  }
}

function inTableOrder(scores: Partial<Record<ScoreName, MeanScore>>): ScoreTable<MeanScore> {
  const present = SCORE_NAMES.filter((name) => scores[name] !== undefined);
  return Object.fromEntries(present.map((name) => [name, scores[name]])) as unknown as ScoreTable<MeanScore>;
}

function statesOf<S>(parts: ReadonlyMap<string, { state(): S }>): Record<string, S> {
  return Object.fromEntries(Array.from(parts, ([name, part]) => [name, part.state()]));
}
