import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from './code-blocks.js';
import { makeSupplies } from './supplies.js';

const page = readFileSync(`${ROOT}docs/guide/reference/run-folder.md`, 'utf8');
const folder = `${mkdtempSync(join(tmpdir(), 'infnet-run-folder-'))}/`;
const SHORT = ['--width', '0.0625', '--size', '64', '--epochs', '1', '--batch', '2', '-b', 'wasm', '-q'];
const ROUNDS = ['--round-epochs', '1', '--group-size', '4', '--pre-train-epochs', '1'];

beforeAll(async () => {
  await makeSupplies(folder);
  const infnet = (...args: string[]) =>
    promisify(execFile)(process.execPath, [`${ROOT}packages/cli/bin/infnet.js`, ...args], { cwd: folder });
  await infnet('train', 'data/train', '-o', 'run', ...SHORT);
  await infnet('report', 'run', '-q');
  await infnet('train', 'data/train', '--semi', 'data/unlabelled', '-o', 'semi', ...SHORT, ...ROUNDS);
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The page's section under a heading. */
function section(heading: string): string {
  return page.split(/^##+ /m).find((text) => text.startsWith(heading)) ?? '';
}

/** What stands in code in the first cell of a section's rows. */
function told(heading: string): string[] {
  const rows = section(heading)
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  return rows.flatMap((row) => [...row.split('|')[1]!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!));
}

/** The files of a run, numbers and names of slices left open as the page leaves them open. */
function filesOf(run: string): string[] {
  const files = readdirSync(folder + run, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + run.length + 1))
    .map((path) => path.replaceAll('\\', '/'))
    .map((path) => path.replace(/(?<=epoch-)\d+|(?<=(Imgs|GT|Edge)\/)[^/]+(?=\.png)|(?<=rounds\/)\d+/, '*'));
  return [...new Set(files)];
}

describe('the page on the run folder tells', () => {
  it('every file of a training, and no other', () => {
    expect(new Set(told('A training'))).toEqual(new Set(filesOf('run')));
  });

  it('every column of its curves', () => {
    const [head = ''] = readFileSync(`${folder}run/curves.csv`, 'utf8').split('\n');
    expect(told('Columns')).toEqual(head.split(','));
  });

  it('every event of its log, and their fields', () => {
    const lines = readFileSync(`${folder}run/log.jsonl`, 'utf8').trim().split('\n');
    const events = lines.map((line) => JSON.parse(line) as { type: string });
    expect(new Set(told('Events'))).toEqual(new Set(events.map(({ type }) => type)));
    for (const type of ['run-start', 'warning', 'step', 'epoch', 'checkpoint', 'run-end']) {
      const row = section('Events')
        .split('\n')
        .find((line) => line.startsWith(`| \`${type}\``))!;
      const fields = [...row.split('|')[3]!.matchAll(/`([a-zA-Z]+)`(?=[,:;]|\s*$)/g)].map(
        ([, name]) => name!,
      );
      const event = events.find((one) => one.type === type)!;
      expect(Object.keys(event)).toEqual(
        expect.arrayContaining(
          fields.filter((name) => !['last', 'best', 'model', 'completed', 'stopped'].includes(name)),
        ),
      );
    }
  });

  it('every file of a Semi-Inf-Net, and no other', () => {
    const names = told('A Semi-Inf-Net');
    const stages = names.filter((name) => name.endsWith('/'));
    const files = filesOf('semi');
    const single = files.filter((path) => !stages.some((stage) => path.startsWith(stage)));
    expect(new Set(names.filter((name) => !name.endsWith('/')))).toEqual(new Set(single));
    expect(stages.filter((stage) => !files.some((path) => path.startsWith(stage)))).toEqual([]);
    const training = told('A training').filter((name) => name !== 'report.html');
    for (const stage of ['supervised/', 'pre-train/', 'fine-tune/']) {
      const own = files.filter((path) => path.startsWith(stage)).map((path) => path.slice(stage.length));
      expect(new Set(own), stage).toEqual(new Set(training));
    }
  });

  it('what a model says of itself', () => {
    const bytes = readFileSync(`${folder}run/model.safetensors`);
    const length = Number(bytes.readBigUInt64LE(0));
    const { __metadata__: metadata } = JSON.parse(bytes.subarray(8, 8 + length).toString()) as {
      __metadata__: Record<string, string>;
    };
    for (const key of Object.keys(metadata)) expect(page).toContain(`\`${key}\``);
  });
});
