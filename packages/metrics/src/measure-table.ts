import { duplicateId, MetricsError } from './errors.js';
import { encodeNumbers, invalidState, isNumber, isRecord, ownValue, readFormat } from './read-plain.js';
import { RunningMoments, type CaseMean } from './running-moments.js';

const FORMAT = 'infnet-metrics-table/1';

/** The numbers of one case; NaN where one is not defined. */
export interface MeasureRow<N extends string> {
  readonly id: string;
  readonly values: Readonly<Record<N, number>>;
}

/** Means over the cases of a {@link MeasureTable}. */
export interface MeasureSummary<N extends string> {
  readonly cases: number;
  readonly means: Readonly<Record<N, CaseMean>>;
  readonly rows: readonly MeasureRow<N>[];
}

/** State of a {@link MeasureTable} as plain data. */
export interface MeasureTableState {
  readonly format: typeof FORMAT;
  readonly names: readonly string[];
  readonly rows: readonly MeasureRow<string>[];
}

/**
 * A table of any numbers per case (surface distances of volumes, Dice per class, volumes in ml) with means that tell how
 * many cases they cover. NaN is left out and counted; Infinity, a missed lesion's distance, makes the mean infinite.
 *
 * @example
 * ```ts
 * import { MeasureTable } from '@infnet/metrics';
 *
 * const table = new MeasureTable(['dice', 'hd95']);
 * table.add('scan-1', { dice: 0.8, hd95: 4 });
 * table.add('scan-2', { dice: NaN, hd95: 6 });
 * const { means } = table.summary();
 * console.log(means.dice.value, means.dice.n, means.dice.excluded, means.hd95.value); // 0.8 1 1 5
 * ```
 */
export class MeasureTable<N extends string> {
  readonly names: readonly N[];
  readonly #rows: Map<string, MeasureRow<N>> = new Map();

  constructor(names: readonly N[]) {
    this.names = [...names];
  }

  /**
   * Continues from what {@link MeasureTable.toJSON} gave, parsed or not.
   *
   * @throws MetricsError `invalid-state`, `duplicate-id`
   */
  static fromJSON(json: unknown): MeasureTable<string> {
    const { names, rows } = readFormat(json, FORMAT, ['names', 'rows']) as Record<string, unknown[]>;
    const isText = (name: unknown): name is string => typeof name === 'string';
    if (!names!.every(isText)) throw invalidState(`no ${FORMAT} state`);
    const table = new MeasureTable(names);
    for (const row of rows!) {
      const { id, values } = isRecord(row) ? row : {};
      const numbers = names.map(
        (name) => [name, isRecord(values) ? ownValue(values, name) : undefined] as const,
      );
      if (!isText(id) || !numbers.every(([, value]) => isNumber(value)))
        throw invalidState('a row is damaged');
      table.add(id, Object.fromEntries(numbers) as Record<string, number>);
    }
    return table;
  }

  /** Number of cases so far. */
  get size(): number {
    return this.#rows.size;
  }

  /**
   * Adds the numbers of one case.
   *
   * @throws MetricsError `duplicate-id`
   */
  add(id: string, values: Readonly<Record<N, number>>): void {
    if (this.#rows.has(id)) throw duplicateId('case', id);
    const own = Object.fromEntries(this.names.map((name) => [name, values[name]])) as Record<N, number>;
    this.#rows.set(id, { id, values: own });
  }

  /**
   * Adds all cases of another table with the same names.
   *
   * @throws MetricsError `definition-mismatch`, `duplicate-id`; nothing is added then
   */
  merge(other: MeasureTable<N>): this {
    if (JSON.stringify(other.names) !== JSON.stringify(this.names)) {
      throw new MetricsError(
        'definition-mismatch',
        `the other table measures ${other.names.join(', ')}`,
        `merge tables of ${this.names.join(', ')}`,
      );
    }
    for (const id of other.#rows.keys()) if (this.#rows.has(id)) throw duplicateId('case', id);
    for (const { id, values } of other.#rows.values()) this.add(id, values);
    return this;
  }

  /** Means over the cases so far, NaN with n = 0 without any. */
  summary(): MeasureSummary<N> {
    const rows = [...this.#rows.values()];
    const means = this.names.map((name) => {
      const moments = new RunningMoments();
      for (const { values } of rows) {
        if (Number.isNaN(values[name])) moments.exclude();
        else moments.add(values[name]);
      }
      return [name, moments.summary()] as const;
    });
    return { cases: rows.length, means: Object.fromEntries(means) as Record<N, CaseMean>, rows };
  }

  /** The complete state as plain data, NaN and Infinity kept, so that JSON carries it without loss. */
  toJSON(): MeasureTableState {
    const { names } = this;
    return encodeNumbers({ format: FORMAT, names, rows: [...this.#rows.values()] }) as MeasureTableState;
  }
}
