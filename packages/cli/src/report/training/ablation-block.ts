import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ScoreName } from '@infnet/metrics';
import { COLUMNS, isBest } from '../../evaluate/columns.js';
import { counted, figure } from '../../progress/format.js';
import { block, row, table } from '../evaluation/html.js';
import { escapeHtml } from '../escape.js';

/** What the page reads of an ablation's `results.json`. */
export interface StoredAblation {
  readonly rows: readonly {
    readonly row: number;
    readonly name: string;
    readonly parameters: number;
    readonly seeds: readonly number[];
    readonly scores: Readonly<
      Partial<Record<ScoreName, { readonly mean: number | null; readonly sd: number | null }>>
    >;
    readonly runs: readonly { readonly cases: number; readonly definition: string }[];
  }[];
  readonly failed: readonly { readonly row: number; readonly seed: number; readonly code: string }[];
}

/** The table of the ablation in a folder; undefined where there is none (yet). */
export async function readAblation(folder: string): Promise<StoredAblation | undefined> {
  const text = await readFile(join(folder, 'results.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const stored = JSON.parse(text) as Partial<StoredAblation>;
  return Array.isArray(stored.rows) && Array.isArray(stored.failed) ? (stored as StoredAblation) : undefined;
}

/** Table IV, the best of each column marked. */
export function ablationBlock({ rows, failed }: StoredAblation): string {
  const means = COLUMNS.map(({ score }) => rows.map(({ scores }) => scores[score]?.mean ?? NaN));
  const lines = rows.map((one, r) =>
    row(`${one.row}. ${escapeHtml(one.name)}`, [
      `<td>${(one.parameters / 1e6).toFixed(3)} M</td>`,
      ...COLUMNS.map(({ score }, c) => {
        const mean = means[c]![r]!;
        const sd = one.scores[score]?.sd;
        const spread = typeof sd === 'number' ? `<small>± ${figure(sd)}</small>` : '';
        return `<td${isBest(score, mean, means[c]!) ? ' class="best"' : ''}>${figure(mean)}${spread}</td>`;
      }),
    ]),
  );
  const head = ['Beside the backbone', 'parameters', ...COLUMNS.map(({ heading }) => escapeHtml(heading))];
  const [run] = rows.flatMap(({ runs }) => runs);
  const seeds = Math.max(...rows.map((one) => one.seeds.length));
  const method = run ? `${counted(run.cases, 'slice')}, ${counted(seeds, 'seed')}; ${run.definition}` : '';
  const bad = failed.map(({ row: number, seed, code }) => `No. ${number}, seed ${seed}: ${code}`);
  return block(
    'Table IV',
    table(head, lines) +
      (bad.length > 0 ? `<p class="warning">failed: ${escapeHtml(bad.join('; '))}</p>` : ''),
    method,
  );
}
