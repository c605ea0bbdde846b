import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createPhantom, readImage, writeMask, writeVolume } from '@infnet/io-medical';
import { evaluateMask, type MaskReport } from '@infnet/metrics';
import type { CommandContext, Outcome } from '../context.js';
import { EXIT } from '../exit-code.js';
import { ensureWritableFolder } from '../outputs/writable.js';
import { figure } from '../progress/format.js';
import { style } from '../progress/style.js';
import type { Card } from '../report/page-data.js';
import { writeReport } from '../report/write-report.js';
import { segmentInputs, type SegmentRun } from '../segment/segment-inputs.js';
import type { SegmentOptions } from '../segment/segment-options.js';
import { conclude } from './segment.js';

/** Options of `infnet demo`. */
export interface DemoOptions {
  readonly output: string;
  readonly seed: number;
  readonly backend: string;
}

/** From file to report, the way `segment` goes, on a CT volume that nobody has to find first. */
export async function demo(options: DemoOptions, context: CommandContext): Promise<Outcome> {
  const { output, seed, backend } = options;
  const { reporter } = context;
  await ensureWritableFolder(output);
  const scan = resolve(output, `phantom-${seed}.nii.gz`);
  const phantom = createPhantom({ seed });
  await writeVolume(scan, phantom.volume);
  await writeMask(resolve(output, `phantom-${seed}-truth.nii.gz`), phantom.infection, phantom.volume);
  reporter.emit({ event: 'written', what: 'phantom', path: scan });

  const how: SegmentOptions = { output, backend, threshold: 0.5, overwrite: true };
  const run = await segmentInputs([scan], how, context);
  const record = run.records[0];
  if (record === undefined) {
    await writeReport(run, how);
    return conclude(run, context);
  }
  const mask = await readImage(run.folder.at(record.result.outputs.mask));
  const report = evaluateMask(mask.voxels, phantom.infection);
  await writeReport(withCard(run, diceCard(report)), how);
  const { dice, iou, sensitivity, precision } = report;
  const scores = { dice, iou, sensitivity, precision };
  reporter.emit({ event: 'scores', system: 'demo', protocol: 'mask at 0.5, whole volume', cases: 1, scores });
  const outcome = conclude(run, context);
  if (outcome.exitCode === EXIT.all) {
    reporter.answer(
      `${style('bold', `Dice ${figure(dice)}`)} against the phantom's own infection (mask at 0.5, whole volume)\n` +
        `Look at it: ${style('cyan', pathToFileURL(run.folder.at('report.html')).href)}`,
    );
  }
  return outcome;
}

function diceCard({ dice, sensitivity, precision }: MaskReport): Card {
  return {
    label: 'Dice against the truth',
    value: figure(dice),
    note: `sensitivity ${figure(sensitivity)}, precision ${figure(precision)}`,
  };
}

function withCard(run: SegmentRun, card: Card): SegmentRun {
  const records = run.records.map((record) => ({
    ...record,
    page: { ...record.page, cards: [...record.page.cards, card] },
  }));
  return { ...run, records };
}
