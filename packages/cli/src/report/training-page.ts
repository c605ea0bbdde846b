import { counted, duration, figure } from '../progress/format.js';
import { versions } from '../versions.js';
import { escapeHtml } from './escape.js';
import { block, row, table } from './evaluation/html.js';
import { EVALUATION_SCRIPT } from './evaluation/script.js';
import { pageShell } from './shell.js';
import { ablationBlock, type StoredAblation } from './training/ablation-block.js';
import type { RunPart } from './training/collect-parts.js';
import { lineChart } from './training/line-chart.js';
import { anchorOf, bestOf, partSection, stateOf } from './training/part-section.js';
import { TRAINING_STYLES } from './training/styles.js';

/** What the page shows. */
export interface TrainingPage {
  readonly parts: readonly RunPart[];
  /** The table of an ablation, where the run is one. */
  readonly ablation: StoredAblation | undefined;
}

/** A page about a run: its parts side by side, then curves, slices through training and recipe of each. */
export function trainingPage({ parts, ablation }: TrainingPage): string {
  const [first] = parts;
  const isAlone = parts.length === 1;
  const [trained] = parts.flatMap(({ record }) => (record.kind === 'labelling' ? [] : [record.config]));
  const seconds = parts.reduce((sum, { record }) => sum + record.events.seconds, 0);
  const finished = parts.filter((part) => stateOf(part) === 'finished').length;
  return pageShell({
    title: ablation ? 'Inf-Net ablation' : isAlone ? 'Inf-Net training' : 'Semi-Inf-Net training',
    subtitle: isAlone ? stateOf(first!) : `${finished} of ${counted(parts.length, 'part')} finished`,
    chips: [
      ...(trained
        ? [
            { label: 'preset', value: trained.recipe.preset.replace(/-propagation$/, '') },
            { label: 'slices', value: `${trained.recipe.size} px` },
            { label: 'seed', value: String(trained.seed) },
          ]
        : []),
      { label: 'time', value: duration(seconds) },
    ],
    notices: parts.some(({ strips }) => strips.length > 0)
      ? ['This page shows slices of the data it was made from: keep it as confidential as these.']
      : [],
    body: [
      ...(ablation ? [ablationBlock(ablation)] : []),
      ...(isAlone ? [] : [overview(parts)]),
      ...parts.map((part) => partSection(part, { isAlone })),
    ].join('\n'),
    facts: [
      {
        label: 'Validation',
        value:
          'chooses among epochs and is no test: measure the model with `infnet evaluate` on other slices',
      },
      {
        label: 'mean Dice',
        value: 'of the map stretched to 0..1, mean over 256 thresholds, at training size',
      },
      { label: 'Dice at 0.5', value: 'of the map cut at a probability of 0.5, at training size' },
      ...Object.entries(versions()).map(([label, value]) => ({ label, value })),
    ],
    styles: TRAINING_STYLES,
    script: EVALUATION_SCRIPT,
  });
}

/** The parts of a run in one table and, where they were validated, in one chart. */
function overview(parts: readonly RunPart[]): string {
  const rows = parts.map((part) => {
    const { record } = part;
    const best = record.kind === 'training' ? bestOf(record) : undefined;
    const last = record.kind === 'propagation' ? record.rounds.at(-1)?.validation : undefined;
    const dice = best?.validation?.['meanDice'] ?? last?.meanDice ?? NaN;
    const half = best?.validation?.['dice'] ?? last?.dice ?? NaN;
    return row(`<a href="#${anchorOf(part)}">${escapeHtml(part.name)}</a>`, [
      `<td>${escapeHtml(stateOf(part))}</td>`,
      ...[figure(dice), figure(half), duration(record.events.seconds)].map((cell) => `<td>${cell}</td>`),
    ]);
  });
  const lines = parts.flatMap(({ name, record }) => {
    if (record.kind !== 'training') return [];
    const points = record.curve.flatMap(({ epoch, validation }) =>
      typeof validation?.['meanDice'] === 'number' ? [[epoch, validation['meanDice']] as const] : [],
    );
    return points.length === 0 ? [] : [{ name, points }];
  });
  const chart =
    lines.length === 0
      ? ''
      : `<figure class="block">${lineChart({ title: 'Validation, mean Dice', xLabel: 'epoch', lines, top: 1 })}</figure>`;
  const head = ['Part', 'state', 'mean Dice', 'Dice at 0.5', 'time'];
  return `<div class="two">${block('Parts', table(head, rows), 'The best validation of each training; of propagation, the last round.')}${chart}</div>`;
}
