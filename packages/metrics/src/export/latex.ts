import { isBetterHigh } from '../score-direction.js';
import { columnOf, valueOf } from './columns.js';
import { describeDefinition } from './describe-definition.js';
import { detailHeadings, exclusionNotes, figure, type TableOptions } from './markdown.js';
import { bestOf, sameDefinition, type NamedSummary } from './named-summary.js';
import type { ScoreName } from '../scores.js';

/** The columns of the paper's Table II. */
const TABLE_II: readonly ScoreName[] = [
  'meanDice',
  'meanSensitivity',
  'meanSpecificity',
  'structureMeasure',
  'meanEMeasure',
  'meanAbsoluteError',
];

/** How the table is set. */
export interface LatexOptions extends TableOptions {
  /** Default: the columns of the paper's Table II. */
  readonly scores?: readonly ScoreName[];
  /** Default: that these are quantitative results. */
  readonly caption?: string;
  /** Default `tab:evaluation`. */
  readonly label?: string;
}

/**
 * A table in the layout of the paper's Table II (methods, further columns such as backbone, Dice, sensitivity,
 * specificity, S, E, MAE), the best of each column in bold; needs the package booktabs. The headings say "mean" where the
 * paper's do not, and comments and caption carry the definition.
 *
 * @throws MetricsError `invalid-option`, `definition-mismatch`
 *
 * @example
 * ```ts
 * import { DatasetEvaluator } from '@infnet/metrics';
 * import { summaryLatex } from '@infnet/metrics/export';
 *
 * const evaluator = new DatasetEvaluator({ protocol: 'infnet' });
 * evaluator.add('slice-1', Uint8Array.of(255, 0, 0, 0), Uint8Array.of(1, 0, 0, 0), { width: 2, height: 2 });
 * const table = summaryLatex([{ name: 'U_Net', summary: evaluator.summary() }], { scores: ['diceAtHalf'] });
 * console.log(table.includes('U\\_Net & 1.000 \\\\')); // true
 * ```
 */
export function summaryLatex(
  systems: readonly NamedSummary[],
  {
    scores = TABLE_II,
    digits = 3,
    caption = 'Quantitative results',
    label = 'tab:evaluation',
  }: LatexOptions = {},
): string {
  const definition = describeDefinition(sameDefinition(systems));
  const details = detailHeadings(systems);
  const columns = scores.map(columnOf);
  const best = columns.map(({ score }) =>
    bestOf(
      systems.map(({ summary }) => valueOf(summary, score)),
      isBetterHigh(score),
    ),
  );
  const rows = systems.map(({ name, summary, intervals, details: own }, i) => [
    escapeLatex(name),
    ...details.map((heading) => escapeLatex(own?.[heading] ?? '')),
    ...columns.map(({ score }, c) => {
      const text = figure(valueOf(summary, score), digits);
      const interval = intervals?.[score];
      const range = interval
        ? ` {\\scriptsize [${figure(interval.low, digits)}, ${figure(interval.high, digits)}]}`
        : '';
      return `${best[c]![i] ? `\\textbf{${text}}` : text}${range}`;
    }),
  ]);
  const notes = exclusionNotes(systems, scores);
  const cases = [...new Set(systems.map(({ summary }) => summary.cases))].join(', ');
  return [
    '% \\usepackage{booktabs}',
    `% ${oneLine(definition)}`,
    ...columns.map(({ heading, meaning }) => `% ${heading}: ${meaning}`),
    '\\begin{table}[t]',
    '  \\centering',
    `  \\caption{${escapeLatex(`${caption} (n = ${cases}; ${[...notes, definition].join('; ')}).`)}}`,
    `  \\label{${label.replace(/[^A-Za-z0-9:._-]/g, '-')}}`,
    `  \\begin{tabular}{l${'c'.repeat(details.length + columns.length)}}`,
    '    \\toprule',
    `    ${['Methods', ...details.map(escapeLatex), ...columns.map(({ latex }) => latex)].join(' & ')} \\\\`,
    '    \\midrule',
    ...rows.map((cells) => `    ${cells.join(' & ')} \\\\`),
    '    \\bottomrule',
    '  \\end{tabular}',
    '\\end{table}',
    '',
  ].join('\n');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': "''",
};

/** Text that TeX prints as it is, on one line. */
function escapeLatex(text: string): string {
  return oneLine(text).replace(/[\\^~<>|"#$%&_{}]/g, (character) => ESCAPES[character] ?? `\\${character}`);
}

function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}
