import type { MeasureSummary } from '../measure-table.js';
import { isBetterHigh } from '../score-direction.js';
import type { ScoreName } from '../scores.js';
import { columnOf, TABLE_SCORES, valueOf } from './columns.js';
import { describeDefinition } from './describe-definition.js';
import { bestOf, sameDefinition, type NamedSummary } from './named-summary.js';

/** Which scores, with how many digits. */
export interface TableOptions {
  /** Default: {@link TABLE_SCORES}. */
  readonly scores?: readonly ScoreName[];
  /** Digits after the point. Default 3, as papers print. */
  readonly digits?: number;
}

/**
 * Several systems in one table of GitHub's Markdown, the best of each column in bold, under it what the numbers mean and
 * which means cover fewer cases.
 *
 * @throws MetricsError `invalid-option`, `definition-mismatch`
 *
 * @example
 * ```ts
 * import { DatasetEvaluator } from '@infnet/metrics';
 * import { summaryMarkdown } from '@infnet/metrics/export';
 *
 * const evaluator = new DatasetEvaluator();
 * evaluator.add('slice-1', Uint8Array.of(255, 0), Uint8Array.of(1, 0), { width: 2, height: 1 });
 * const table = summaryMarkdown([{ name: 'ours | best', summary: evaluator.summary() }], { scores: ['diceAtHalf'] });
 * console.log(table.split('\n')[2]); // | ours \| best | 1 | 1.000 |
 * ```
 */
export function summaryMarkdown(
  systems: readonly NamedSummary[],
  { scores = TABLE_SCORES, digits = 3 }: TableOptions = {},
): string {
  const definition = sameDefinition(systems);
  const details = detailHeadings(systems);
  const columns = scores.map(columnOf);
  const best = columns.map(({ score }) =>
    bestOf(
      systems.map(({ summary }) => valueOf(summary, score)),
      isBetterHigh(score),
    ),
  );
  const rows = systems.map(({ name, summary, intervals, details: own }, i) => [
    escapeMarkdown(name),
    ...details.map((heading) => escapeMarkdown(own?.[heading] ?? '')),
    String(summary.cases),
    ...columns.map(({ score }, c) => {
      const text = figure(valueOf(summary, score), digits);
      const interval = intervals?.[score];
      const range = interval ? ` [${figure(interval.low, digits)}, ${figure(interval.high, digits)}]` : '';
      return `${best[c]![i] ? `**${text}**` : text}${range}`;
    }),
  ]);
  const header = [
    'System',
    ...details.map(escapeMarkdown),
    'cases',
    ...columns.map(({ heading }) => heading),
  ];
  return [
    line(header),
    line(header.map((_, i) => (i <= details.length ? ':--' : '--:'))),
    ...rows.map(line),
    '',
    ...exclusionNotes(systems, scores).map((note) => `- ${escapeMarkdown(note)}`),
    `- ${escapeMarkdown(describeDefinition(definition))}`,
    ...columns.map(({ heading, meaning }) => `- ${escapeMarkdown(`${heading}: ${meaning}`)}`),
    '',
  ].join('\n');
}

/**
 * Means of a `MeasureTable` as Markdown, with how many cases each covers.
 *
 * @param definition how the numbers were made, in words
 *
 * @example
 * ```ts
 * import { MeasureTable } from '@infnet/metrics';
 * import { measuresMarkdown } from '@infnet/metrics/export';
 *
 * const table = new MeasureTable(['hd95']);
 * table.add('scan', { hd95: 4.25 });
 * console.log(measuresMarkdown(table.summary(), 'pooled percentile, mm').split('\n')[2]); // | hd95 | 4.250 | n/a | 1 | 0 |
 * ```
 */
export function measuresMarkdown(
  summary: MeasureSummary<string>,
  definition: string,
  { digits = 3 }: Pick<TableOptions, 'digits'> = {},
): string {
  const rows = Object.entries(summary.means).map(([name, { value, sd, n, excluded }]) => [
    escapeMarkdown(name),
    figure(value, digits),
    figure(sd, digits),
    String(n),
    String(excluded),
  ]);
  return [
    line(['Measure', 'mean', 'sd', 'n', 'excluded']),
    line([':--', '--:', '--:', '--:', '--:']),
    ...rows.map(line),
    '',
    `- ${escapeMarkdown(definition)}`,
    '',
  ].join('\n');
}

/** Says so where a mean covers fewer cases than the table's count. */
export function exclusionNotes(systems: readonly NamedSummary[], scores: readonly ScoreName[]): string[] {
  return systems.flatMap(({ name, summary }) => {
    const groups = new Map<number, string[]>();
    for (const score of scores) {
      const excluded = summary.scores[score]?.excluded ?? 0;
      if (excluded > 0) groups.set(excluded, [...(groups.get(excluded) ?? []), columnOf(score).heading]);
    }
    return [...groups].map(
      ([excluded, headings]) =>
        `${name}: ${headings.join(', ')} leave out ${excluded} of ${summary.cases} cases, in which they are not defined`,
    );
  });
}

/** Headings of all systems' further columns, in order of appearance. */
export function detailHeadings(systems: readonly NamedSummary[]): string[] {
  return [...new Set(systems.flatMap(({ details }) => Object.keys(details ?? {})))];
}

/** A number with so many digits; `n/a` where it is not defined, `inf` where it is infinite. */
export function figure(value: number, digits: number): string {
  if (Number.isNaN(value)) return 'n/a';
  return Number.isFinite(value) ? value.toFixed(digits) : value > 0 ? 'inf' : '-inf';
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Text that Markdown and the HTML it may hold leave alone. */
function escapeMarkdown(text: string): string {
  return text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/[\\`*_[\]|~#$]/g, (character) => `\\${character}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
