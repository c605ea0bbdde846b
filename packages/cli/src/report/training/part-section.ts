import { createHash } from 'node:crypto';
import type { CurvePoint, LabellingRecord, PropagationRecord, TrainingRecord } from '@infnet/semi-supervised';
import { duration, figure } from '../../progress/format.js';
import { block } from '../evaluation/html.js';
import { escapeHtml } from '../escape.js';
import type { Fact } from '../page-data.js';
import { factList } from '../shell.js';
import type { RunPart } from './collect-parts.js';
import { lineChart, type ChartLine } from './line-chart.js';
import { samplesHtml } from './samples.js';

/** Everything about one part of a run; its name stands above where there are several. */
export function partSection(part: RunPart, { isAlone }: { readonly isAlone: boolean }): string {
  const heading = isAlone ? '' : `<h2 class="part-name" id="${anchorOf(part)}">${escapeHtml(part.name)}</h2>`;
  const { record } = part;
  if (record.kind === 'propagation') return heading + propagationSection(record);
  if (record.kind === 'labelling') return heading + labellingSection(record);
  return [
    heading,
    numbers(record),
    `<section class="plots" aria-label="Curves">${chartsOf(record)
      .map((svg) => `<figure class="block">${svg}</figure>`)
      .join('')}</section>`,
    samplesHtml(part.strips, record.curve),
    details(record),
  ].join('\n');
}

/** Where a part begins on the page. */
export function anchorOf({ name }: RunPart): string {
  return `part-${name.replaceAll('/', '-')}`;
}

/** How far a part is, in words. */
export function stateOf({ record }: RunPart): string {
  if (record.kind === 'propagation') {
    const { rounds, config, events } = record;
    if (rounds.length === config.groups.length) return 'finished';
    return `${events.end === null ? 'under way or killed' : events.end}: ${rounds.length} of ${config.groups.length} rounds`;
  }
  if (record.kind === 'labelling') {
    const { labelled, config, events } = record;
    if (events.end === 'completed') return 'finished';
    return `${events.end ?? 'under way or killed'}: ${labelled} of ${count(config.unlabelled)} slices`;
  }
  const { end, step, totalSteps } = record.events;
  if (end === 'completed') return 'finished';
  const share = totalSteps > 0 ? `${Math.floor((100 * step) / totalSteps)} %` : 'not begun';
  return `${end === null ? 'under way or killed' : end}: ${share}`;
}

/** The best validation of a training; undefined without one. */
export function bestOf({ curve }: TrainingRecord): CurvePoint | undefined {
  const score = (point: CurvePoint): number => point.validation?.['meanDice'] ?? -Infinity;
  const validated = curve.filter((point) => score(point) > -Infinity);
  return validated.toSorted((a, b) => score(b) - score(a) || a.epoch - b.epoch)[0];
}

function numbers(record: TrainingRecord): string {
  const { curve, config, events } = record;
  const best = bestOf(record);
  const last = curve.at(-1);
  const cards: [string, string, string][] = [
    ['Epochs', `${last?.epoch ?? 0} / ${config.recipe.epochs}`, `${events.step} steps`],
    ['Loss', figure(last?.loss ?? NaN), 'mean of the last epoch'],
    ...(best
      ? ([
          ['Best mean Dice', figure(best.validation?.['meanDice'] ?? NaN), `validation, epoch ${best.epoch}`],
          ['Dice at 0.5', figure(best.validation?.['dice'] ?? NaN), `validation, epoch ${best.epoch}`],
        ] as [string, string, string][])
      : []),
    ['Slices', String(count(config.training)), `${count(config.validation)} to validate on`],
    ['Time', duration(events.seconds), `backend ${config.backend}`],
  ];
  const items = cards.map(
    ([name, value, note]) =>
      `<li><span>${escapeHtml(name)}</span><b>${escapeHtml(value)}</b><small>${escapeHtml(note)}</small></li>`,
  );
  return `<section class="block"><ul class="cards">${items.join('')}</ul></section>`;
}

function chartsOf({ curve }: TrainingRecord): string[] {
  const line = (name: string, value: (point: CurvePoint) => number): ChartLine => ({
    name,
    points: curve.map((point) => [point.epoch, value(point)]),
  });
  const validated = curve.filter(({ validation }) => validation !== undefined);
  const names = [...new Set(validated.flatMap(({ validation }) => Object.keys(validation ?? {})))].filter(
    (name) => /(?:^|\.)(?:meanDice|dice)$/.test(name),
  );
  const scores = names.map((name) => ({
    name,
    points: validated.map(({ epoch, validation }) => [epoch, validation?.[name] ?? NaN] as const),
  }));
  const charts = [
    lineChart({ title: 'Training loss', xLabel: 'epoch', lines: [line('loss', ({ loss }) => loss)] }),
  ];
  if (scores.length > 0)
    charts.push(lineChart({ title: 'Validation', xLabel: 'epoch', lines: scores, top: 1 }));
  charts.push(
    lineChart({
      title: 'Learning rate',
      xLabel: 'epoch',
      lines: [line('rate', ({ learningRate }) => learningRate)],
    }),
    lineChart({
      title: 'Gradient norm',
      xLabel: 'epoch',
      lines: [line('norm', ({ gradientNorm }) => gradientNorm)],
    }),
  );
  return charts;
}

function propagationSection({ rounds, config, events }: PropagationRecord): string {
  const line = (name: string, value: (round: PropagationRecord['rounds'][number]) => number): ChartLine => ({
    name,
    points: rounds.map((round) => [round.round, value(round)]),
  });
  const charts = [lineChart({ title: 'Loss', xLabel: 'round', lines: [line('loss', ({ loss }) => loss)] })];
  if (rounds.some(({ validation }) => validation !== null)) {
    const lines = [
      line('meanDice', ({ validation }) => validation?.meanDice ?? NaN),
      line('dice', ({ validation }) => validation?.dice ?? NaN),
    ];
    charts.push(lineChart({ title: 'Validation', xLabel: 'round', lines, top: 1 }));
  }
  charts.push(
    lineChart({
      title: 'Unlabelled slices left',
      xLabel: 'round',
      lines: [line('left', ({ left }) => left)],
    }),
  );
  const facts: Fact[] = [
    { label: 'Rounds', value: `${rounds.length} of ${config.groups.length}` },
    { label: 'Labelled slices', value: String(count(config.labelled)) },
    { label: 'Unlabelled slices', value: String(count(config.unlabelled)) },
    { label: 'Labels', value: plain(config.style) },
    { label: 'Time', value: duration(events.seconds) },
    ...warningFacts(events.warnings),
  ];
  return `${block('Random propagation', factList(facts))}<section class="plots" aria-label="Curves">${charts.map((svg) => `<figure class="block">${svg}</figure>`).join('')}</section>`;
}

function labellingSection({ labelled, config, events }: LabellingRecord): string {
  const facts: Fact[] = [
    { label: 'Slices with a label', value: `${labelled} of ${count(config.unlabelled)}` },
    { label: 'Labels', value: plain(config.style) },
    { label: 'Teacher', value: `SHA-256 ${config.teacher}` },
    { label: 'Time', value: duration(events.seconds) },
    ...warningFacts(events.warnings),
  ];
  return block('Pseudo labels, made once', factList(facts));
}

function details({ config, events }: TrainingRecord): string {
  const { recipe, task, architecture, seed, backend, versions, initialWeights } = config;
  const { training, validation, unlabelled } = config;
  const facts: Fact[] = [
    {
      label: 'Parameters',
      value: Number.isFinite(events.parameters) ? events.parameters.toLocaleString('en') : 'n/a',
    },
    { label: 'Network', value: plain(architecture) },
    { label: 'Recipe', value: plain(recipe) },
    { label: 'Task', value: plain(task) },
    { label: 'Seed', value: String(seed) },
    { label: 'Backend', value: backend },
    { label: 'Versions', value: plain(versions) },
    { label: 'Initial weights', value: `SHA-256 ${initialWeights}` },
    { label: 'Training data', value: dataText(training) },
    { label: 'Validation data', value: dataText(validation) },
    ...(unlabelled ? [{ label: 'Unlabelled data', value: dataText(unlabelled) }] : []),
    ...warningFacts(events.warnings),
  ];
  return `<details class="block"><summary>Recipe, network, data</summary>${factList(facts)}</details>`;
}

/** Codes and counts: the messages name files. */
function warningFacts(warnings: Readonly<Record<string, number>>): Fact[] {
  const list = Object.entries(warnings).map(([code, times]) => `${code} (${times})`);
  return list.length === 0 ? [] : [{ label: 'Warnings', value: list.join(', ') }];
}

/** The names of slices may be patients': a hash over their hashes tells as much. */
function dataText(hashes: Readonly<Record<string, string>>): string {
  const all = Object.values(hashes).toSorted();
  if (all.length === 0) return 'none';
  return `${all.length} slices, SHA-256 ${createHash('sha256').update(all.join('\n')).digest('hex')}`;
}

function count(table: object): number {
  return Object.keys(table).length;
}

function plain(value: object): string {
  return Object.entries(value)
    .map(([name, entry]) => `${name} ${typeof entry === 'string' ? entry : JSON.stringify(entry)}`)
    .join(', ');
}
