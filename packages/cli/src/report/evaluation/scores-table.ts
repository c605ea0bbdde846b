import { describeDefinition } from '@infnet/metrics/export';
import { COLUMNS, isBest, valueOf } from '../../evaluate/columns.js';
import { methodLine, type ComparedSystem, type Comparison } from '../../evaluate/comparison.js';
import { range } from '../../evaluate/table.js';
import { figure } from '../../progress/format.js';
import { escapeHtml } from '../escape.js';
import { block, row, systemName, table } from './html.js';

/** The scores in the protocol that was asked for, with intervals, and in the other one. */
export function scoresTable(comparison: Comparison): string {
  const { systems } = comparison;
  const [first] = systems;
  const other = first!.other.definition;
  return (
    block(
      'Scores',
      scores(systems, 'summary') + notes(systems),
      `${describeDefinition(first!.summary.definition)}. ${methodLine(comparison)}.`,
    ) +
    `<details class="block"><summary>The same maps in the protocol ${escapeHtml(other.protocol)}</summary>` +
    `<p class="hint">${escapeHtml(describeDefinition(other))}</p>${scores(systems, 'other')}</details>`
  );
}

function scores(systems: readonly ComparedSystem[], protocol: 'summary' | 'other'): string {
  const head = ['System', 'slices', ...COLUMNS.map(({ heading, meaning }) => abbreviation(heading, meaning))];
  const rows = systems.map(({ name, intervals, [protocol]: summary }, i) => {
    const cells = COLUMNS.map(({ score }) => {
      const value = valueOf(summary, score);
      const values = systems.map((system) => valueOf(system[protocol], score));
      const best = isBest(score, value, values) ? ' class="best"' : '';
      const interval =
        protocol === 'summary' && intervals[score] ? `<small>${range(intervals[score])}</small>` : '';
      return `<td${best}>${figure(value)}${interval}</td>`;
    });
    return row(systemName(name, i), [`<td>${summary.cases}</td>`, ...cells]);
  });
  return table(head, rows);
}

/** Which means cover fewer cases. */
function notes(systems: readonly ComparedSystem[]): string {
  const items = systems.flatMap(({ name, summary }) => {
    const { n, excluded } = summary.scores.diceAtHalf;
    if (excluded === 0) return [];
    return [
      `<li>${escapeHtml(name)}: Dice and sensitivity over ${n} slices; ${excluded} without infection are left out</li>`,
    ];
  });
  return items.length === 0 ? '' : `<ul class="hint">${items.join('')}</ul>`;
}

function abbreviation(heading: string, meaning: string): string {
  return `<abbr title="${escapeHtml(meaning)}">${escapeHtml(heading)}</abbr>`;
}
