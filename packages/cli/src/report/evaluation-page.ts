import { basename, resolve } from 'node:path';
import type { CurveName, ScoreName } from '@infnet/metrics';
import { COLUMNS, protocolLine, valueOf } from '../evaluate/columns.js';
import type { SystemResult } from '../evaluate/score-system.js';
import { counted, figure } from '../progress/format.js';
import { versions } from '../versions.js';
import { escapeHtml } from './escape.js';
import { pageShell } from './shell.js';
import { colourOf, thresholdCurves } from './threshold-curves.js';

const CURVES: readonly (readonly [CurveName, string])[] = [
  ['dice', 'Dice'],
  ['eMeasure', 'E-measure'],
  ['sensitivity', 'Sensitivity'],
  ['specificity', 'Specificity'],
];
/** Cases listed per system. */
const WORST = 8;
/** What the list of worst cases goes by. */
const WORST_SCORE: ScoreName = 'diceAtHalf';

/** A page that compares systems: the table, curves over thresholds, the worst cases, what was left out. */
export function evaluationPage(results: readonly SystemResult[], groundTruth: string): string {
  const first = results[0]!.summary;
  return pageShell({
    title: 'Inf-Net evaluation',
    subtitle: `${counted(results.length, 'system')} against ${basename(resolve(groundTruth))}`,
    chips: [{ label: 'protocol', value: first.definition.protocol }],
    notices: [],
    body: [
      block('Scores', `<p class="hint">${escapeHtml(protocolLine(first))}</p>${scores(results)}`),
      `<div class="two">${CURVES.map(([name, title]) => `<div class="block">${curve(results, name, title)}</div>`).join('')}</div>`,
      block(`Worst cases by Dice at 0.5`, `<div class="two">${results.map(worst).join('')}</div>`),
      left(results),
    ].join('\n'),
    facts: [
      ...COLUMNS.map(({ heading, meaning }) => ({ label: heading, value: meaning })),
      ...Object.entries(versions()).map(([label, value]) => ({ label, value })),
    ],
    script: THEME_SCRIPT,
  });
}

function scores(results: readonly SystemResult[]): string {
  const heads = COLUMNS.map(
    ({ heading, meaning }) => `<th scope="col" title="${escapeHtml(meaning)}">${heading}</th>`,
  );
  const rows = results.map(({ name, summary }, i) => {
    const cells = COLUMNS.map(({ score, best }) => {
      const values = results.map((other) => valueOf(other.summary, score));
      const value = valueOf(summary, score);
      const top = best === 'high' ? Math.max(...values) : Math.min(...values);
      return `<td${results.length > 1 && value === top ? ' class="best"' : ''}>${figure(value)}</td>`;
    });
    return `<tr><th scope="row">${dot(i)}${escapeHtml(name)}</th><td>${summary.cases}</td>${cells.join('')}</tr>`;
  });
  return `<div class="scroll"><table><thead><tr><th scope="col">System</th><th scope="col">cases</th>${heads.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function curve(results: readonly SystemResult[], name: CurveName, title: string): string {
  const lines = results.map((result) => ({ name: result.name, values: result.summary.curves[name].values }));
  return thresholdCurves(title, results[0]!.summary.definition.thresholds, lines);
}

function worst({ name, summary }: SystemResult, index: number): string {
  const rows = summary.rows
    .filter(({ scores: own }) => Number.isFinite(own[WORST_SCORE]))
    .toSorted((a, b) => a.scores[WORST_SCORE]! - b.scores[WORST_SCORE]!)
    .slice(0, WORST)
    .map(
      ({ id, scores: own, width, height, foreground }) =>
        `<tr><th scope="row">${escapeHtml(id)}</th><td>${figure(own.diceAtHalf)}</td><td>${figure(own.meanDice)}</td>` +
        `<td>${((100 * foreground) / (width * height)).toFixed(1)} %</td></tr>`,
    );
  return `<table><thead><tr><th scope="col">${dot(index)}${escapeHtml(name)}</th><th scope="col">Dice@0.5</th><th scope="col">meanDice</th><th scope="col">infected</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
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

function block(title: string, html: string): string {
  return `<section class="block"><h2>${escapeHtml(title)}</h2>${html}</section>`;
}

function dot(index: number): string {
  return `<svg class="dot" viewBox="0 0 10 10" aria-hidden="true"><circle cx="5" cy="5" r="5" fill="${colourOf(index)}"/></svg>`;
}

const THEME_SCRIPT = `document.getElementById('theme').addEventListener('click', () => {
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  root.dataset.theme = (root.dataset.theme ?? system) === 'dark' ? 'light' : 'dark';
});`;
