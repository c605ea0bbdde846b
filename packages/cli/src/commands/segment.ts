import { join } from 'node:path';
import { INTERRUPTED, outcomeOf, type CommandContext, type Outcome } from '../context.js';
import { writeReport } from '../report/write-report.js';
import { segmentInputs, type SegmentRun } from '../segment/segment-inputs.js';
import type { SegmentOptions } from '../segment/segment-options.js';

/** Segments files and folders, and writes the report. */
export async function segment(
  inputs: readonly string[],
  options: SegmentOptions,
  context: CommandContext,
): Promise<Outcome> {
  const run = await segmentInputs(inputs, options, context);
  await writeReport(run, options);
  return conclude(run, context);
}

/** Tells where the results are and how it went. */
export function conclude(run: SegmentRun, { reporter }: CommandContext): Outcome {
  const { folder, records, failures, skipped, interrupted } = run;
  reporter.emit({ event: 'written', what: 'results', path: folder.path });
  reporter.emit({ event: 'written', what: 'report', path: join(folder.path, 'report.html') });
  if (records.some(({ result }) => result.outputs.segmentation !== undefined)) {
    reporter.emit({ event: 'written', what: 'DICOM objects', path: join(folder.path, 'dicom') });
  }
  const outcome = outcomeOf({ done: records.length - skipped, failed: failures.length, skipped });
  if (!interrupted) return outcome;
  reporter.emit({
    event: 'note',
    message: 'stopped; run the same command again with --continue to do the rest',
  });
  return { ...outcome, exitCode: INTERRUPTED.exitCode };
}
