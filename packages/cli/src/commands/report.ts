import { join } from 'node:path';
import { outcomeOf, type CommandContext, type Outcome } from '../context.js';
import { atomicWrite } from '../outputs/atomic-write.js';
import { ensureWritableFiles } from '../outputs/writable.js';
import { readAblation } from '../report/training/ablation-block.js';
import { collectParts } from '../report/training/collect-parts.js';
import { trainingPage } from '../report/training-page.js';

/** Options of `infnet report`. */
export interface ReportOptions {
  readonly output?: string;
  /** False with `--no-samples`. */
  readonly samples: boolean;
}

/** Makes a page of a run folder, finished or not. */
export async function report(
  run: string,
  { output = join(run, 'report.html'), samples }: ReportOptions,
  { reporter }: CommandContext,
): Promise<Outcome> {
  const parts = await collectParts(run, { pictures: samples });
  await ensureWritableFiles([output]);
  await atomicWrite(output, trainingPage({ parts, ablation: await readAblation(run) }));
  reporter.emit({ event: 'written', what: 'page', path: output });
  return outcomeOf({ done: 1 });
}
