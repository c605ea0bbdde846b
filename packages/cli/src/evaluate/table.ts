import { columnOf, describeDefinition } from '@infnet/metrics/export';
import { figure } from '../progress/format.js';
import { style } from '../progress/style.js';
import { COLUMNS, valueOf } from './columns.js';
import { LABEL_MEASURES } from './label-measures.js';
import type { SystemResult } from './score-system.js';
import { methodLine, type ComparedSystem, type Comparison } from './comparison.js';

/** The comparison as tables for the terminal, under its protocol. */
export function comparisonTables(comparison: Comparison): string {
  const { label, systems } = comparison;
  return [
    ...(label ? [style('bold', `${label.name} (label ${label.label})`)] : []),
    scoreTable(systems),
    intervalTable(comparison),
    ...healthyTable(systems),
    ...maskTable(systems),
    ...testLines(comparison),
  ].join('\n');
}

/**
 * The unweighted mean of the classes' scores, where one that is not defined is left out, and the averages over classes of
 * each case's masks.
 */
export function macroTable(comparisons: readonly Comparison[], results: readonly SystemResult[]): string {
  const rows = comparisons[0]!.systems.map(({ name }, i) => [
    name,
    ...COLUMNS.map(({ score }) => {
      const values = comparisons
        .map(({ systems }) => valueOf(systems[i]!.summary, score))
        .filter((value) => !Number.isNaN(value));
      return figure(values.reduce((sum, value) => sum + value, 0) / values.length);
    }),
  ]);
  return [
    style('bold', `mean over ${comparisons.length} classes`),
    aligned([['system', ...COLUMNS.map(({ heading }) => heading)], ...rows]),
    aligned([
      ['mean over cases', ...LABEL_MEASURES],
      ...results.map(({ name, overClasses: { means } }) => [
        name,
        ...LABEL_MEASURES.map((measure) => meanText(means[measure])),
      ]),
    ]),
  ].join('\n');
}

function scoreTable(systems: readonly ComparedSystem[]): string {
  const rows = systems.map(({ name, summary }) => [
    name,
    String(summary.cases),
    ...COLUMNS.map(({ score }) => figure(valueOf(summary, score))),
  ]);
  return [
    style('dim', describeDefinition(systems[0]!.summary.definition)),
    aligned([['system', 'cases', ...COLUMNS.map(({ heading }) => heading)], ...rows]),
    ...systems.flatMap(exclusions).map((note) => style('dim', note)),
  ].join('\n');
}

function intervalTable(comparison: Comparison): string {
  const scores = ['meanDice', 'diceAtHalf', 'structureMeasure', 'meanAbsoluteError'] as const;
  const rows = comparison.systems.map(({ name, intervals }) => [
    name,
    ...scores.map((score) => range(intervals[score])),
  ]);
  return [
    style('dim', methodLine(comparison)),
    aligned([['interval', ...scores.map((score) => columnOf(score).heading)], ...rows]),
  ].join('\n');
}

/** How the systems behave where there is nothing to find. */
function healthyTable(systems: readonly ComparedSystem[]): string[] {
  if (systems.every(({ volumes }) => volumes.healthy.slices.cases === 0)) return [];
  const rows = systems.map(({ name, volumes: { healthy, infected } }) => [
    name,
    String(healthy.slices.cases),
    String(healthy.falselyMarked),
    percent(healthy.falseAlarmRate),
    percent(healthy.falseArea),
    String(infected.cases),
    figure(valueOf(infected, 'meanDice')),
    figure(valueOf(infected, 'diceAtHalf')),
  ]);
  const heading = [
    'without infection',
    'slices',
    'marked',
    'rate',
    'area',
    '| infected',
    'meanDice',
    'Dice@0.5',
  ];
  return [aligned([heading, ...rows])];
}

/** Surfaces and lesions of the masks. */
function maskTable(systems: readonly ComparedSystem[]): string[] {
  const unit = systems.find(({ masks }) => masks)?.masks?.unit;
  if (unit === undefined) return [];
  const names = [
    'hd95DirectedMax',
    'hd95Pooled',
    'assdPooled',
    'nsdSurfels',
    'boundaryIou',
    'lesionSensitivity',
    'lesionPrecision',
    'lesionF1',
  ] as const;
  const rows = systems.map(({ name, masks }) => [
    name,
    ...names.map((measure) => (masks ? meanText(masks.means[measure]) : '')),
  ]);
  return [
    style('dim', systems.find(({ masks }) => masks)!.masks!.definition),
    aligned([[`masks at 0.5, ${unit}`, ...names], ...rows]),
  ];
}

/** A mean; infinite means are no accident: a lesion was missed altogether. */
export function meanText({ value }: { readonly value: number }): string {
  return value === Infinity ? 'inf' : figure(value);
}

function testLines({ tests }: Comparison): string[] {
  if (tests.length === 0) return [];
  const rows = tests.map(({ first, second, result, adjusted }) => [
    `${first} - ${second}`,
    columnOf(result.score).heading,
    signed(result.difference.value),
    range(result.difference),
    probability(result.permutation.pValue),
    probability(adjusted),
    probability(result.wilcoxon.pValue),
  ]);
  return [
    aligned([['difference', 'score', 'mean', 'interval', 'p permutation', 'p Holm', 'p Wilcoxon'], ...rows]),
  ];
}

/** Says so where a mean covers fewer cases than the table's count. */
function exclusions({ name, summary }: ComparedSystem): string[] {
  const excluded = Math.max(...COLUMNS.map(({ score }) => summary.scores[score]?.excluded ?? 0));
  if (excluded === 0) return [];
  return [
    `${name}: scores that need infection in the mask leave out ${excluded} of ${summary.cases} cases without any`,
  ];
}

/** Cells in columns, the first one to the left, under a bold heading. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const [heading, ...lines] = rows.map((cells) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '),
  );
  return [style('bold', heading!), ...lines].join('\n');
}

/** An interval in brackets. */
export function range(interval: { readonly low: number; readonly high: number } | undefined): string {
  return interval ? `[${figure(interval.low)}, ${figure(interval.high)}]` : '';
}

/** A difference with its sign. */
export function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${figure(value)}`;
}

/** A p-value: two digits that count, or that it is tiny. */
export function probability(p: number): string {
  if (Number.isNaN(p)) return 'n/a';
  return p < 0.0001 ? '<0.0001' : p < 0.001 ? p.toFixed(4) : p.toFixed(3);
}

/** A share in percent. */
export function percent(share: number): string {
  return Number.isNaN(share) ? 'n/a' : `${(100 * share).toFixed(share < 0.01 ? 2 : 1)} %`;
}
