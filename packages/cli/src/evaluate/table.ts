import { figure } from '../progress/format.js';
import { style } from '../progress/style.js';
import { COLUMNS, protocolLine, valueOf } from './columns.js';
import type { SystemResult } from './score-system.js';

/** The scores as a table for the terminal, under its protocol. */
export function scoreTable(results: readonly SystemResult[]): string {
  const heading = ['system', 'cases', ...COLUMNS.map((column) => column.heading)];
  const rows = results.map(({ name, summary }) => [
    name,
    String(summary.cases),
    ...COLUMNS.map(({ score }) => figure(valueOf(summary, score))),
  ]);
  const widths = heading.map((text, i) => Math.max(text.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ');
  const notes = results.flatMap((result) => exclusions(result));
  const first = results[0]!.summary;
  return [
    style('dim', protocolLine(first)),
    style('bold', line(heading)),
    ...rows.map(line),
    ...notes.map((note) => style('dim', note)),
  ].join('\n');
}

/** Says so where a mean covers fewer cases than the table's count. */
function exclusions({ name, summary }: SystemResult): string[] {
  const excluded = Math.max(...COLUMNS.map(({ score }) => summary.scores[score]?.excluded ?? 0));
  if (excluded === 0) return [];
  return [
    `${name}: scores that need infection in the mask leave out ${excluded} of ${summary.cases} cases without any`,
  ];
}
