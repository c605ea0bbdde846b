import type { DatasetSummary } from '../dataset-summary.js';
import { MetricsError } from '../errors.js';
import type { ScoreName } from '../scores.js';

/** What one system scored, under the name that tables give it. */
export interface NamedSummary {
  readonly name: string;
  readonly summary: DatasetSummary;
  /** Confidence intervals of means, printed behind them. */
  readonly intervals?: Partial<Readonly<Record<ScoreName, Interval>>>;
  /** Further columns of a table, such as backbone or number of parameters, by heading. */
  readonly details?: Readonly<Record<string, string>>;
}

/** Ends of a confidence interval, as `bootstrapInterval` gives them. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The systems of one table: measured alike, or a table would compare different things.
 *
 * @throws MetricsError `invalid-option` without a system, `definition-mismatch`
 */
export function sameDefinition(systems: readonly NamedSummary[]): DatasetSummary['definition'] {
  const [first, ...others] = systems.map(({ summary }) => summary.definition);
  if (first === undefined) {
    throw new MetricsError(
      'invalid-option',
      'no system was given',
      'pass at least one summary with its name',
    );
  }
  if (others.some((other) => JSON.stringify(other) !== JSON.stringify(first))) {
    throw new MetricsError(
      'definition-mismatch',
      'the systems were measured by different definitions',
      'measure all with the same options and the same version of @infnet/metrics, or write two tables',
    );
  }
  return first;
}

/** Index of the best value, or of the best ones; none where there is only one system. */
export function bestOf(values: readonly number[], isHigh: boolean): readonly boolean[] {
  const defined = values.filter((value) => !Number.isNaN(value));
  const best = isHigh ? Math.max(...defined) : Math.min(...defined);
  return values.map((value) => values.length > 1 && value === best);
}
