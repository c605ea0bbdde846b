import { ABLATIONS, type Ablation } from '@infnet/core-model';
import { COLUMNS } from '../evaluate/columns.js';
import type { RunScores } from './ablation-folder.js';

/** A row of the table: the scores of a network, over its seeds. */
export interface TableRow {
  readonly ablation: Ablation;
  readonly seeds: readonly number[];
  readonly parameters: number;
  /** As many as {@link COLUMNS}. */
  readonly cells: readonly Cell[];
}

/** A score over the seeds; NaN where it is not defined, the deviation where there is but one seed. */
export interface Cell {
  readonly mean: number;
  /** Sample standard deviation. */
  readonly sd: number;
}

/** The rows that have scores, in the order of Table IV. */
export function tableRows(scores: readonly RunScores[]): TableRow[] {
  return ABLATIONS.flatMap((ablation) => {
    const runs = scores.filter(({ row }) => row === ablation.row);
    if (runs.length === 0) return [];
    const cells = COLUMNS.map(({ score }) => cellOf(runs.map((run) => run.scores[score] ?? NaN)));
    return [{ ablation, seeds: runs.map(({ seed }) => seed), parameters: runs[0]!.parameters, cells }];
  });
}

function cellOf(values: readonly number[]): Cell {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: n > 1 ? Math.sqrt(squares / (n - 1)) : NaN };
}

/** The boxes of the paper that a network has beside its backbone, in the columns of Table IV. */
export const BOXES: readonly { readonly heading: string; readonly has: (ablation: Ablation) => boolean }[] = [
  { heading: 'EA', has: ({ options }: Ablation) => options.edgeAttention },
  { heading: 'PPD', has: ({ options }: Ablation) => options.partialDecoder },
  { heading: 'RA', has: ({ options }: Ablation) => options.reverseAttention },
];
