import type { ComparedSystem } from '../../evaluate/comparison.js';
import { figure } from '../../progress/format.js';
import { escapeHtml } from '../escape.js';
import { row, systemName, table } from './html.js';

/** Cases listed; all are in the CSV. */
const LISTED = 2000;
const SCORES = ['diceAtHalf', 'meanDice', 'meanAbsoluteError'] as const;

/** Every case with every system, to sort by any column. */
export function casesTable(systems: readonly ComparedSystem[]): string {
  const byCase = systems.map(({ summary }) => new Map(summary.rows.map((one) => [one.id, one])));
  const cases = [
    ...new Map(systems.flatMap(({ summary }) => summary.rows).map((one) => [one.id, one])).values(),
  ];
  const head = [
    sortable('Case'),
    sortable('infected'),
    ...systems.flatMap(({ name }, i) =>
      ['Dice@0.5', 'meanDice', 'MAE'].map((heading) => sortable(`${systemName(name, i)} ${heading}`)),
    ),
  ];
  const rows = cases.slice(0, LISTED).map(({ id, width, height, foreground }) => {
    const cells = byCase.flatMap((rowsOf) =>
      SCORES.map((score) => {
        const value = rowsOf.get(id)?.scores[score] ?? NaN;
        return `<td data-value="${Number.isNaN(value) ? '' : value}">${figure(value)}</td>`;
      }),
    );
    const share = foreground / (width * height);
    return row(escapeHtml(id), [`<td data-value="${share}">${(100 * share).toFixed(1)} %</td>`, ...cells]);
  });
  const hidden = cases.length - rows.length;
  return (
    `<details class="block"><summary>All ${cases.length} cases</summary>` +
    (hidden > 0 ? `<p class="hint">${LISTED} are listed; the CSV has all.</p>` : '') +
    `${table(head, rows, ' class="sortable"')}</details>`
  );
}

function sortable(heading: string): string {
  return `<button type="button">${heading}</button>`;
}
