import { columnOf } from '@infnet/metrics/export';
import type { Comparison, PairTest } from '../../evaluate/comparison.js';
import { probability, range, signed } from '../../evaluate/table.js';
import { figure } from '../../progress/format.js';
import { escapeHtml } from '../escape.js';
import { block, row, table } from './html.js';

/** Every pair of systems: the mean difference, and whether chance would give as much. */
export function testsTable({ tests, systems }: Comparison): string {
  if (tests.length === 0) return '';
  const [first] = tests;
  const unit = first!.result.permutation.exchanged === 'cluster' ? 'patients' : 'cases';
  const names = systems.map(({ name }) => name);
  const head = [
    'Difference',
    'score',
    'mean',
    'interval',
    'better in',
    'p permutation',
    'p Holm',
    'p Wilcoxon',
    'rank-biserial',
  ];
  return block(
    'Do they differ?',
    table(
      head,
      tests.map((test) => testRow(test, names)),
    ),
    `Paired over ${first!.result.permutation.units} ${unit}. p Holm counts that every pair of systems was tested; a large p says that these ${unit} cannot tell, not that the systems are equal.`,
  );
}

function testRow({ first, second, result, adjusted }: PairTest, names: readonly string[]): string {
  const { difference, permutation, wilcoxon, above, below } = result;
  const clear = adjusted < 0.05 ? ' class="best"' : '';
  const cells = [
    columnOf(result.score).heading,
    signed(difference.value),
    range(difference),
    `${above} : ${below}`,
    probability(permutation.pValue),
    probability(adjusted),
    probability(wilcoxon.pValue),
    figure(wilcoxon.rankBiserial),
  ].map((cell, i) => `<td${i === 5 ? clear : ''}>${escapeHtml(cell)}</td>`);
  const title = [first, second].map((name) => `${names.indexOf(name) + 1}. ${name}`).join(' minus ');
  return row(`<span title="${escapeHtml(title)}">${escapeHtml(`${first} − ${second}`)}</span>`, cells);
}
