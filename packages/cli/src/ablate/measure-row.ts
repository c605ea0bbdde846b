import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createSlicePool, type InfNet } from '@infnet/core-model';
import { readImage, segmentVolume, writeProbability } from '@infnet/io-medical';
import { describeDefinition, plainNumber } from '@infnet/metrics/export';
import type { SlicePaths } from '@infnet/semi-supervised';
import type { CommandContext } from '../context.js';
import { CliError } from '../errors.js';
import { scoreSystem } from '../evaluate/score-system.js';
import type { RunScores } from './ablation-folder.js';

/** The protocol of the paper's tables. */
const PROTOCOL = 'infnet';

/**
 * Predicts the slices into `predictions`, as `infnet segment --save-probability` does, and scores the maps as
 * `infnet evaluate --protocol infnet` does.
 *
 * @throws CliError `not-measured` for a slice that cannot be read or compared: a row that lacks it could not stand beside
 *   the others
 */
export async function measureRow(
  model: InfNet,
  cases: readonly SlicePaths[],
  { size, folder }: { readonly size: number; readonly folder: string },
  { reporter, signal }: CommandContext,
): Promise<Pick<RunScores, 'cases' | 'definition' | 'scores'>> {
  const place = join(folder, 'predictions');
  await mkdir(place, { recursive: true });
  const pairs = [];
  await using pool = await createSlicePool(model, { workers: 0 });
  for (const [done, { id, image, mask }] of cases.entries()) {
    reporter.emit({ event: 'progress', task: 'measuring', subject: id, done, total: cases.length });
    const volume = await readImage(image, { signal });
    const { probability } = await segmentVolume(pool, volume, {
      size,
      threshold: 0.5,
      keepProbability: true,
      signal,
    });
    const prediction = join(place, `${id}.png`);
    await writeProbability(prediction, probability!, volume);
    pairs.push({ id, prediction, groundTruth: mask });
  }
  const { parts, failures } = await scoreSystem(
    { name: 'row', folder: place },
    { pairs, failures: [] },
    { protocol: PROTOCOL, signal },
  );
  const [failure] = failures;
  if (failure) throw new CliError('not-measured', failure.message, failure.hint);
  const { summary } = parts[0]!;
  const scores = Object.fromEntries(
    Object.entries(summary.scores).map(([name, { value }]) => [name, plainNumber(name, value)]),
  ) as RunScores['scores'];
  return { cases: summary.cases, definition: describeDefinition(summary.definition), scores };
}
