import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeTrainingFolder } from '../fixtures.js';
import { infnet, only, temporaryFolder } from '../infnet.js';

let root: string;
let data: string;
const SMALL = ['--width', '0.125', '--size', '32', '--batch', '2', '--val-fraction', '0.4', '-b', 'wasm'];

beforeAll(async () => {
  root = await temporaryFolder();
  data = join(root, 'smith-john');
  await writeTrainingFolder(data, 5);
  return () => rm(root, { recursive: true, force: true });
});

/** The page of a run; nothing in it may ask anything of the net, or tell a path or a name. */
async function pageOf(run: string, ...args: string[]): Promise<string> {
  const { code, stderr } = await infnet(['report', run, ...args]);
  expect(stderr).not.toMatch(/error/);
  expect(code).toBe(0);
  const html = await readFile(join(run, 'report.html'), 'utf8');
  expect(html).not.toMatch(/https?:\/\/|smith|slice-\d/);
  expect(html).not.toContain(root);
  return html;
}

describe('report', { timeout: 300_000 }, () => {
  it('shows curves, slices through the training and the figures of a training', async () => {
    const run = join(root, 'run');
    expect((await infnet(['train', data, '-o', run, ...SMALL, '--epochs', '3'])).code).toBe(0);
    const html = await pageOf(run);
    expect(html).toContain('<title>Inf-Net training</title>');
    expect(html).toContain('Training loss against epoch');
    expect(html.match(/<img src="data:image\/png;base64,/g)).toHaveLength(5);
    const card = await readFile(join(run, 'MODEL_CARD.md'), 'utf8');
    const best = /Best mean Dice in validation: ([\d.]+), epoch (\d)/.exec(card)!;
    expect(html).toContain(`<b>${best[1]}</b><small>validation, epoch ${best[2]}</small>`);
    expect(await pageOf(run, '--no-samples')).not.toContain('<img');
  });

  it('shows a training that is under way', async () => {
    const run = join(root, 'stopped');
    const args = ['train', data, '-o', run, ...SMALL, '--epochs', '40'];
    expect((await infnet(args, { interruptAt: 'epoch' })).code).toBe(130);
    expect(await pageOf(run)).toMatch(/<p>aborted: \d+ %<\/p>/);
    const log = join(run, 'log.jsonl');
    const lines = (await readFile(log, 'utf8')).trimEnd().split('\n').slice(0, -1);
    await writeFile(log, `${lines.join('\n')}\n{"type":"st`);
    expect(await pageOf(run)).toMatch(/<p>under way or killed: \d+ %<\/p>/);
  });

  it('shows every stage of a Semi-Inf-Net', async () => {
    const [run, unlabelled] = [join(root, 'semi'), join(root, 'unlabelled')];
    await writeTrainingFolder(unlabelled, 2);
    const stages = ['--epochs', '1', '--round-epochs', '1', '--pre-train-epochs', '1', '--group-size', '1'];
    const trained = await infnet(['train', data, '--semi', unlabelled, '-o', run, ...SMALL, ...stages]);
    expect(trained.code).toBe(0);
    const html = await pageOf(run);
    for (const stage of ['supervised', 'propagation', 'pre-train', 'fine-tune']) {
      expect(html).toContain(`<h2 class="part-name" id="part-${stage}">`);
    }
    expect(html).toContain('4 of 4 parts finished');
    expect(html).toContain('Unlabelled slices left against round');
  });

  it('shows the table of an ablation', async () => {
    const run = join(root, 'ablation');
    await infnet(['ablate', data, '-o', run, '--rows', '1,7', ...SMALL, '--epochs', '1']);
    const html = await pageOf(run);
    expect(html).toContain('<title>Inf-Net ablation</title>');
    expect(html).toMatch(/<th scope="row">7. PPD \+ RA \+ EA<\/th>/);
    expect(html).toContain('id="part-row-7-seed-0"');
  });

  it('says so where there is no run', async () => {
    for (const [folder, what] of [
      [data, 'no-run'],
      [join(root, 'nowhere'), 'not-a-folder'],
    ] as const) {
      const { code, events } = await infnet(['report', folder]);
      expect(code).toBe(2);
      expect(only(events, 'failure')).toMatchObject([{ code: what }]);
    }
  });
});
