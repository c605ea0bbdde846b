import type { Definition } from '../definition.js';
import type { MeasureSummary } from '../measure-table.js';
import { CURVE_NAMES } from '../curves.js';
import { SCORE_NAMES } from '../scores.js';
import { describeDefinition } from './describe-definition.js';
import { sameDefinition, type NamedSummary } from './named-summary.js';

/** A cell: text is quoted and defused where needed, NaN and undefined are left empty. */
export type CsvCell = string | number | undefined;

/**
 * Lines of RFC 4180: fields with commas, quotes or line breaks are quoted, lines end with CR LF. Text that a spreadsheet
 * would run as a formula (it starts with = + - @, tab or CR, plain or full-width) gets an apostrophe in front.
 *
 * @example
 * ```ts
 * import { csvTable } from '@infnet/metrics/export';
 *
 * const lines = csvTable(['case', 'dice'], [['=cmd()', 0.5], ['a, "b"', NaN]]).split('\r\n');
 * console.log(lines[1], lines[2]); // '=cmd(),0.5 "a, ""b""",
 * ```
 */
export function csvTable(header: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return [header, ...rows].map((cells) => `${cells.map(cellText).join(',')}\r\n`).join('');
}

/**
 * One row per system and case with every score under its full name. Each row carries its definition.
 *
 * @throws MetricsError `invalid-option`, `definition-mismatch`
 *
 * @example
 * ```ts
 * import { DatasetEvaluator } from '@infnet/metrics';
 * import { casesCsv } from '@infnet/metrics/export';
 *
 * const evaluator = new DatasetEvaluator();
 * evaluator.add('slice-1', Uint8Array.of(255, 0), Uint8Array.of(1, 0), { width: 2, height: 1 });
 * const [header, row] = casesCsv([{ name: 'ours', summary: evaluator.summary() }]).split('\r\n');
 * console.log(header.split(',').slice(0, 6).join(',')); // system,case,width,height,foreground,meanDice
 * console.log(row.split(',').slice(0, 5).join(',')); // ours,slice-1,2,1,1
 * ```
 */
export function casesCsv(systems: readonly NamedSummary[]): string {
  const definition = sameDefinition(systems);
  const names = SCORE_NAMES.filter((score) => definition.weightedF || score !== 'weightedF');
  const rows = systems.flatMap(({ name, summary }) =>
    summary.rows.map(({ id, width, height, foreground, scores }) => [
      name,
      id,
      width,
      height,
      foreground,
      ...names.map((score) => scores[score]),
      ...definitionCells(definition),
    ]),
  );
  return csvTable(['system', 'case', 'width', 'height', 'foreground', ...names, ...DEFINITION_HEADER], rows);
}

/**
 * One row per system and score: the mean, over how many cases, the mean of the cases' own numbers with its standard
 * deviation, and the interval where one was made.
 *
 * @throws MetricsError `invalid-option`, `definition-mismatch`
 *
 * @example
 * ```ts
 * import { DatasetEvaluator } from '@infnet/metrics';
 * import { summaryCsv } from '@infnet/metrics/export';
 *
 * const evaluator = new DatasetEvaluator();
 * evaluator.add('slice-1', Uint8Array.of(255, 0), Uint8Array.of(1, 0), { width: 2, height: 1 });
 * const lines = summaryCsv([{ name: 'ours', summary: evaluator.summary() }]).split('\r\n');
 * console.log(lines[4].split(',').slice(0, 5).join(',')); // ours,diceAtHalf,1,1,0
 * ```
 */
export function summaryCsv(systems: readonly NamedSummary[]): string {
  const definition = sameDefinition(systems);
  const rows = systems.flatMap(({ name, summary, intervals }) =>
    SCORE_NAMES.flatMap((score) => {
      const mean = summary.scores[score];
      const over = summary.caseScores[score];
      if (mean === undefined) return [];
      const interval = intervals?.[score];
      return [
        [
          name,
          score,
          mean.value,
          mean.n,
          mean.excluded,
          interval?.low,
          interval?.high,
          over?.value,
          over?.sd,
          ...definitionCells(definition),
        ],
      ];
    }),
  );
  return csvTable(
    ['system', 'score', 'value', 'n', 'excluded', 'low', 'high', 'caseMean', 'caseSd', ...DEFINITION_HEADER],
    rows,
  );
}

/**
 * The averaged curves: one row per system and threshold.
 *
 * @throws MetricsError `invalid-option`, `definition-mismatch`
 *
 * @example
 * ```ts
 * import { DatasetEvaluator } from '@infnet/metrics';
 * import { curvesCsv } from '@infnet/metrics/export';
 *
 * const evaluator = new DatasetEvaluator({ thresholds: [0.5] });
 * evaluator.add('slice-1', Uint8Array.of(255, 0), Uint8Array.of(1, 0), { width: 2, height: 1 });
 * const lines = curvesCsv([{ name: 'ours', summary: evaluator.summary() }]).split('\r\n');
 * console.log(lines[1].split(',').slice(0, 4).join(',')); // ours,0.5,1,1
 * ```
 */
export function curvesCsv(systems: readonly NamedSummary[]): string {
  const definition = sameDefinition(systems);
  const rows = systems.flatMap(({ name, summary }) =>
    definition.thresholds.map((threshold, t) => [
      name,
      threshold,
      ...CURVE_NAMES.map((curve) => summary.curves[curve].values[t]),
      ...definitionCells(definition),
    ]),
  );
  return csvTable(['system', 'threshold', ...CURVE_NAMES, ...DEFINITION_HEADER], rows);
}

/**
 * The rows of a `MeasureTable`, one per case, with what made them in the last column.
 *
 * @param definition how the numbers were made, in words: distance definition, spacing, version
 *
 * @example
 * ```ts
 * import { MeasureTable } from '@infnet/metrics';
 * import { measuresCsv } from '@infnet/metrics/export';
 *
 * const table = new MeasureTable(['hd95']);
 * table.add('scan', { hd95: Infinity });
 * console.log(measuresCsv(table.summary(), 'pooled percentile, mm').split('\r\n')[1]); // scan,Infinity,"pooled percentile, mm"
 * ```
 */
export function measuresCsv(summary: MeasureSummary<string>, definition: string): string {
  const names = Object.keys(summary.means);
  const rows = summary.rows.map(({ id, values }) => [id, ...names.map((name) => values[name]), definition]);
  return csvTable(['case', ...names, 'definition'], rows);
}

const DEFINITION_HEADER = ['protocol', 'definition'] as const;

function definitionCells(definition: Definition): string[] {
  return [definition.protocol, describeDefinition(definition)];
}

function cellText(cell: CsvCell): string {
  if (cell === undefined || Number.isNaN(cell)) return '';
  if (typeof cell === 'number') return String(cell);
  const safe = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/.test(cell) ? `'${cell}` : cell;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
