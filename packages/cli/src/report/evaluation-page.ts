import { basename, resolve } from 'node:path';
import { describeDefinition } from '@infnet/metrics/export';
import { COLUMNS } from '../evaluate/columns.js';
import type { Comparison } from '../evaluate/comparison.js';
import type { SystemResult } from '../evaluate/score-system.js';
import { counted } from '../progress/format.js';
import { versions } from '../versions.js';
import { escapeHtml } from './escape.js';
import { casesTable } from './evaluation/cases-table.js';
import { curvePlots } from './evaluation/curve-plots.js';
import { healthyTable, volumesTable } from './evaluation/healthy-table.js';
import { masksTable } from './evaluation/masks-table.js';
import { EVALUATION_SCRIPT } from './evaluation/script.js';
import { scoresTable } from './evaluation/scores-table.js';
import { EVALUATION_STYLES } from './evaluation/styles.js';
import { testsTable } from './evaluation/tests-table.js';
import { worstCasesHtml } from './evaluation/worst-cases.js';
import type { WorstPicture } from './evaluation/worst-picture.js';
import { pageShell } from './shell.js';

/** What the page shows. */
export interface EvaluationPage {
  readonly comparisons: readonly Comparison[];
  readonly results: readonly SystemResult[];
  readonly groundTruth: string;
  /** Pictures of worst cases, per comparison. */
  readonly pictures: readonly (readonly WorstPicture[])[];
}

/** A page that compares systems: tables in both protocols, curves, tests, worst cases, all cases, what was left out. */
export function evaluationPage({ comparisons, results, groundTruth, pictures }: EvaluationPage): string {
  const { definition, cases } = comparisons[0]!.systems[0]!.summary;
  return pageShell({
    title: 'Inf-Net evaluation',
    subtitle: `${counted(results.length, 'system')} against ${basename(resolve(groundTruth))}`,
    chips: [
      { label: 'protocol', value: definition.protocol },
      { label: 'slices', value: String(cases) },
      { label: 'empty masks', value: definition.empty },
    ],
    notices: [],
    body: [
      ...comparisons.map((comparison, i) => section(comparison, results, pictures[i] ?? [])),
      left(results),
    ].join('\n'),
    facts: [
      { label: 'Definition', value: describeDefinition(definition) },
      ...COLUMNS.map(({ heading, meaning }) => ({ label: heading, value: meaning })),
      ...Object.entries(versions()).map(([label, value]) => ({ label, value })),
    ],
    styles: EVALUATION_STYLES,
    script: EVALUATION_SCRIPT,
  });
}

/** Everything about one comparison: the whole page, or one class of it. */
function section(
  comparison: Comparison,
  results: readonly SystemResult[],
  pictures: readonly WorstPicture[],
): string {
  const { label, systems } = comparison;
  const hasGroups =
    results.some(({ hasVolumes }) => hasVolumes) ||
    systems[0]!.volumes.volumes.cases < systems[0]!.summary.cases;
  return [
    ...(label
      ? [`<h2 class="class-name">${escapeHtml(label.name)} <span>label ${label.label}</span></h2>`]
      : []),
    scoresTable(comparison),
    testsTable(comparison),
    curvePlots(systems),
    healthyTable(systems),
    masksTable(systems),
    ...(hasGroups ? [volumesTable(systems)] : []),
    worstCasesHtml(pictures, systems, `slice-${label?.label ?? ''}-`),
    casesTable(systems),
  ].join('\n');
}

function left(results: readonly SystemResult[]): string {
  const items = results.flatMap(({ name, failures }) =>
    failures.map(
      ({ message, hint, code }) =>
        `<li><b>${escapeHtml(`${name}: ${message}`)}</b><span>${escapeHtml(hint)}</span><code>${escapeHtml(code)}</code></li>`,
    ),
  );
  if (items.length === 0) return '';
  return `<details class="failures" open><summary>Left out</summary><ul>${items.join('')}</ul></details>`;
}
