import type { VolumeMeasure } from '@infnet/metrics/volumes';
import { valueOf } from '../../evaluate/columns.js';
import type { ComparedSystem } from '../../evaluate/comparison.js';
import { percent, signed } from '../../evaluate/table.js';
import { figure } from '../../progress/format.js';
import { escapeHtml } from '../escape.js';
import { block, row, systemName, table } from './html.js';

/** Volumes listed per system; all are in the files. */
const LISTED = 200;

/** Slices with and without infection apart. Nothing, where every slice is infected. */
export function healthyTable(systems: readonly ComparedSystem[]): string {
  if (systems.every(({ volumes }) => volumes.healthy.slices.cases === 0)) return '';
  const head = [
    'System',
    'infected slices',
    'meanDice',
    'Dice@0.5',
    'Sens@0.5',
    'healthy slices',
    'falsely marked',
    'rate',
    'area marked',
    'per slice',
  ];
  const rows = systems.map(({ name, volumes: { infected, healthy } }, i) =>
    row(
      systemName(name, i),
      [
        String(infected.cases),
        figure(valueOf(infected, 'meanDice')),
        figure(valueOf(infected, 'diceAtHalf')),
        figure(valueOf(infected, 'sensitivityAtHalf')),
        String(healthy.slices.cases),
        String(healthy.falselyMarked),
        percent(healthy.falseAlarmRate),
        percent(healthy.falseArea),
        Number.isNaN(healthy.falseAreaMm2) ? '' : `${healthy.falseAreaMm2.toFixed(1)} mm²`,
      ].map((cell) => `<td>${cell}</td>`),
    ),
  );
  const pixels = systems[0]!.volumes.healthy.falseAlarmPixels;
  return block(
    'With and without infection',
    table(head, rows),
    `A slice without infection counts as falsely marked from ${pixels === 1 ? 'one pixel' : `${pixels} pixels`} at a threshold of 0.5 on.`,
  );
}

const COLUMNS: readonly (readonly [VolumeMeasure, string, (value: number) => string])[] = [
  ['slices', 'slices', String],
  ['healthySlices', 'healthy', String],
  ['dice', 'Dice of the volume', figure],
  ['sensitivity', 'sensitivity', figure],
  ['precision', 'precision', figure],
  ['falseAlarmRate', 'false alarms', percent],
  ['truthMl', 'truth, ml', (value) => (Number.isNaN(value) ? '' : value.toFixed(1))],
  ['predictedMl', 'predicted, ml', (value) => (Number.isNaN(value) ? '' : value.toFixed(1))],
  [
    'relativeVolumeDifference',
    'difference',
    (value) => (Number.isNaN(value) ? 'n/a' : `${signed(100 * value)} %`),
  ],
];

/** Volumes, or patients, as wholes. */
export function volumesTable(systems: readonly ComparedSystem[]): string {
  const rows = systems.flatMap(({ name, volumes }, i) =>
    volumes.volumes.rows
      .slice(0, LISTED)
      .map(({ id, values }) =>
        row(escapeHtml(id), [
          `<td class="text">${systemName(name, i)}</td>`,
          ...COLUMNS.map(([measure, , text]) => `<td>${escapeHtml(text(values[measure]))}</td>`),
        ]),
      ),
  );
  const means = systems.map(({ name, volumes }, i) =>
    row('<b>mean</b>', [
      `<td class="text">${systemName(name, i)}</td>`,
      ...COLUMNS.map(([measure, , text]) => {
        const { value, n, excluded } = volumes.volumes.means[measure];
        const shown = measure === 'slices' || measure === 'healthySlices' ? value.toFixed(1) : text(value);
        return `<td title="over ${n}, ${excluded} left out"><b>${escapeHtml(shown)}</b></td>`;
      }),
    ]),
  );
  const total = systems[0]!.volumes.volumes.cases;
  return block(
    'Volumes',
    table(['Volume or patient', 'System', ...COLUMNS.map(([, heading]) => heading)], [...means, ...rows]),
    `All voxels of a volume in one count, cut at 0.5.${total > LISTED ? ` ${LISTED} of ${total} are listed; the CSV has all.` : ''}`,
  );
}
