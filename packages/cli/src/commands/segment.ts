import { join } from 'node:path';
import type { CommandContext } from '../context.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { writeReport } from '../report/write-report.js';
import { segmentInputs, type SegmentOptions, type SegmentRun } from '../segment/segment-inputs.js';

/** Segments files and folders, and writes the report. */
export async function segment(
  inputs: readonly string[],
  options: SegmentOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const run = await segmentInputs(inputs, options, context);
  await writeReport(run, options);
  return conclude(run, context);
}

/** Tells where the results are and how it went. */
export function conclude(run: SegmentRun, { reporter }: CommandContext): ExitCode {
  const { folder, records, failures, skipped, interrupted, seconds } = run;
  reporter.emit({ event: 'written', what: 'results', path: folder.path });
  reporter.emit({ event: 'written', what: 'report', path: join(folder.path, 'report.html') });
  if (interrupted) {
    const message = 'stopped; run the same command again with --continue to do the rest';
    reporter.emit({ event: 'note', message });
  }
  const failed = failures.length;
  const exitCode = exitCodeOf(records.length, failed, interrupted);
  reporter.emit({ event: 'end', exitCode, done: records.length - skipped, failed, skipped, seconds });
  return exitCode;
}

function exitCodeOf(succeeded: number, failed: number, interrupted: boolean): ExitCode {
  if (interrupted) return EXIT.interrupted;
  if (succeeded === 0) return EXIT.none;
  return failed > 0 ? EXIT.some : EXIT.all;
}
