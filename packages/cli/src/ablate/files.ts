import { csvTable, plainNumber } from '@infnet/metrics/export';
import { SCORE_NAMES } from '@infnet/metrics';
import { COLUMNS, isBest } from '../evaluate/columns.js';
import { aligned } from '../evaluate/table.js';
import { counted, figure } from '../progress/format.js';
import { style } from '../progress/style.js';
import { VERSION } from '../version.js';
import type { AblationConfig, RunScores } from './ablation-folder.js';
import { BOXES, type Cell, type TableRow } from './table-rows.js';

/** A training that ended without scores. */
export interface FailedRun {
  readonly row: number;
  readonly seed: number;
  readonly code: string;
  readonly message: string;
}

/** Everything an ablation has found so far. */
export interface AblationResults {
  readonly config: AblationConfig;
  readonly runs: readonly RunScores[];
  readonly failed: readonly FailedRun[];
  readonly rows: readonly TableRow[];
}

/** What makes the numbers, in one line. */
function methodOf({ runs, rows }: Pick<AblationResults, 'runs' | 'rows'>): string {
  const cases = [...new Set(runs.map((run) => run.cases))].join(' or ');
  const seeds = [...new Set(rows.map((row) => row.seeds.length))].join(' or ');
  const over = seeds === '1' ? 'one seed' : `mean ± sample standard deviation of ${seeds} seeds`;
  return `${cases} slices; ${over}; ${[...new Set(runs.map(({ definition }) => definition))].join(' or ')}`;
}

/** The table for the terminal. */
export function ablationTable(results: AblationResults): string {
  const lines = results.rows.map(({ ablation, parameters, cells }) => [
    `${ablation.row}`,
    ablation.name,
    millions(parameters),
    ...cells.map((cell) => cellText(cell)),
  ]);
  return [
    style('dim', methodOf(results)),
    aligned([
      ['No.', 'beside the backbone', 'parameters', ...COLUMNS.map(({ heading }) => heading)],
      ...lines,
    ]),
  ].join('\n');
}

/** All numbers; null where a score is not defined. */
export function ablationJson({ config, runs, failed, rows }: AblationResults): string {
  const document = {
    tool: { name: '@infnet/cli', version: VERSION },
    config,
    rows: rows.map(({ ablation, seeds, parameters, cells }) => ({
      row: ablation.row,
      name: ablation.name,
      options: ablation.options,
      parameters,
      seeds,
      scores: Object.fromEntries(COLUMNS.map(({ score }, i) => [score, cells[i]])),
      runs: runs.filter(({ row }) => row === ablation.row),
    })),
    failed,
  };
  return `${JSON.stringify(document, plainNumber, 2)}\n`;
}

/** One line per training, every score under its full name. */
export function ablationCsv({ runs, rows }: AblationResults): string {
  const nameOf = new Map(rows.map(({ ablation }) => [ablation.row, ablation.name]));
  const names = SCORE_NAMES.filter((name) => runs.some(({ scores }) => name in scores));
  return csvTable(
    ['row', 'boxes', 'seed', 'parameters', 'cases', ...names, 'definition'],
    runs.map(({ row, seed, parameters, cases, scores, definition }) => [
      row,
      nameOf.get(row),
      seed,
      parameters,
      cases,
      ...names.map((name) => scores[name] ?? NaN),
      definition,
    ]),
  );
}

/** The table for a text: Markdown. */
export function ablationMarkdown(results: AblationResults): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const headings = ['No.', 'Backbone', ...BOXES.map(({ heading }) => heading), 'Parameters'];
  const rows = results.rows.map(({ ablation, parameters, cells }) =>
    line([
      String(ablation.row),
      '✓',
      ...BOXES.map(({ has }) => (has(ablation) ? '✓' : '')),
      millions(parameters),
      ...cells.map((cell, i) => bold(results, i, cell, (text) => `**${text}**`)),
    ]),
  );
  return [
    line([...headings, ...COLUMNS.map(({ heading }) => heading)]),
    line([...headings.map((_, i) => (i === 0 ? '--:' : ':-:')), ...COLUMNS.map(() => '--:')]),
    ...rows,
    '',
    `${methodOf(results)}.`,
    '',
  ].join('\n');
}

/** The table for a paper: LaTeX in the layout of its Table IV; needs booktabs and amssymb. */
export function ablationLatex(results: AblationResults): string {
  const check = (has: boolean): string => (has ? '\\checkmark' : '');
  const rows = results.rows.map(({ ablation, cells }) => {
    const scores = cells.map((cell, i) => bold(results, i, cell, (text) => `\\textbf{${text}}`));
    const boxes = ['\\checkmark', ...BOXES.map(({ has }) => check(has(ablation)))];
    return `    ${[`No.${ablation.row}`, ...boxes, ...scores].join(' & ')} \\\\`;
  });
  return [
    '% \\usepackage{booktabs,amssymb}',
    ...COLUMNS.map(({ heading, meaning }) => `% ${heading}: ${meaning}`),
    '\\begin{table}[t]',
    '  \\centering',
    `  \\caption{Ablation (${escapeLatex(methodOf(results))}).}`,
    '  \\label{tab:ablation}',
    `  \\begin{tabular}{lcccc${'c'.repeat(COLUMNS.length)}}`,
    '    \\toprule',
    `    ${['', 'Backbone', ...BOXES.map(({ heading }) => heading), ...COLUMNS.map(({ latex }) => latex)].join(' & ')} \\\\`,
    '    \\midrule',
    ...rows.map((row) => row.replaceAll('±', '$\\pm$')),
    '    \\bottomrule',
    '  \\end{tabular}',
    '\\end{table}',
    '',
  ].join('\n');
}

/** How an ablation went, in words. */
export function closing({ rows, failed }: AblationResults): string {
  const trainings = rows.reduce((sum, { seeds }) => sum + seeds.length, 0);
  const bad = failed.length === 0 ? '' : `; ${counted(failed.length, 'training')} failed`;
  return `${counted(rows.length, 'row')} of Table IV from ${counted(trainings, 'training')}${bad}`;
}

/** `0.612`, or `0.612 ± 0.013` over several seeds. */
function cellText({ mean, sd }: Cell): string {
  return Number.isNaN(sd) ? figure(mean) : `${figure(mean)} ± ${figure(sd)}`;
}

function bold({ rows }: AblationResults, column: number, cell: Cell, mark: (text: string) => string): string {
  const means = rows.map(({ cells }) => cells[column]!.mean);
  const text = cellText(cell);
  return isBest(COLUMNS[column]!.score, cell.mean, means) ? mark(text) : text;
}

function millions(count: number): string {
  return `${(count / 1e6).toFixed(3)} M`;
}

function escapeLatex(text: string): string {
  return text
    .replaceAll('±', '$\\pm$')
    .replaceAll('^', '\\textasciicircum{}')
    .replaceAll('<', '\\textless{}')
    .replaceAll('>', '\\textgreater{}')
    .replace(/[#%&_]/g, String.raw`\$&`);
}
