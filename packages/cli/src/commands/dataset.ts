import { join } from 'node:path';
import { INTERRUPTED, outcomeOf, type CommandContext, type Outcome } from '../context.js';
import { buildDataset } from '../dataset/build-dataset.js';
import type { WindowChoice } from '../options.js';

/** Options of `infnet dataset`. */
export interface DatasetOptions {
  readonly output: string;
  readonly masks?: string;
  /** File or folder of lung masks; `false` for none. By default lungs are found by density. */
  readonly lungMask?: string | boolean;
  /** Read series with missing slices too. */
  readonly allowUneven?: boolean;
  readonly window?: WindowChoice;
  readonly margin: number;
  readonly leastLung: number;
  readonly every: number;
  readonly labels?: boolean;
  readonly edges?: boolean;
  readonly val: number;
  readonly test: number;
  readonly seed: number;
  readonly anonymous?: boolean;
  readonly overwrite?: boolean;
  readonly continue?: boolean;
}

/** Makes a training set of volumes, and tells how it went. */
export async function dataset(
  volumes: readonly string[],
  options: DatasetOptions,
  context: CommandContext,
): Promise<Outcome> {
  const { reporter } = context;
  const { done, kept, failed, interrupted } = await buildDataset(volumes, options, context);
  reporter.emit({ event: 'written', what: 'data set', path: options.output });
  reporter.emit({ event: 'written', what: 'manifest', path: join(options.output, 'manifest.json') });
  const outcome = outcomeOf({ done, failed, skipped: kept });
  if (!interrupted) return outcome;
  reporter.emit({
    event: 'note',
    message: 'stopped; run the same command again with --continue to do the rest',
  });
  return { ...outcome, exitCode: INTERRUPTED.exitCode };
}
