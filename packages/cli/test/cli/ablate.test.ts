import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { slicePng, squarePng, writeTrainingFolder } from '../fixtures.js';
import { infnet, only, temporaryFolder } from '../infnet.js';

let root: string;
let data: string;
const SMALL = ['--width', '0.125', '--size', '32', '--batch', '4', '--epochs', '1', '-b', 'wasm'];

beforeAll(async () => {
  root = await temporaryFolder();
  data = join(root, 'data');
  await writeTrainingFolder(data, 5);
  return () => rm(root, { recursive: true, force: true });
});

interface Results {
  readonly rows: readonly {
    readonly row: number;
    readonly name: string;
    readonly parameters: number;
    readonly seeds: readonly number[];
    readonly scores: Readonly<Record<string, { readonly mean: number; readonly sd: number | null }>>;
    readonly runs: readonly { readonly seed: number; readonly scores: Readonly<Record<string, number>> }[];
  }[];
  readonly failed: readonly { readonly row: number; readonly seed: number; readonly code: string }[];
}

async function results(run: string): Promise<Results> {
  return JSON.parse(await readFile(join(run, 'results.json'), 'utf8')) as Results;
}

describe('ablate', { timeout: 300_000 }, () => {
  it('trains the seven networks of Table IV with one command and prints the table', async () => {
    const run = join(root, 'all');
    const { code, events, stderr } = await infnet(['ablate', data, '-o', run, ...SMALL]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^7 +PPD \+ RA \+ EA /m);
    const { rows, failed } = await results(run);
    expect(failed).toEqual([]);
    expect(rows.map(({ row, name }) => `${row} ${name}`)).toEqual([
      '1 backbone',
      '2 EA',
      '3 PPD',
      '4 RA',
      '5 RA + EA',
      '6 PPD + RA',
      '7 PPD + RA + EA',
    ]);
    const [backbone, , , , , , whole] = rows;
    expect(whole!.parameters).toBeGreaterThan(backbone!.parameters);
    expect(rows.every(({ scores }) => scores['meanDice']!.mean > 0 && scores['meanDice']!.sd === null)).toBe(
      true,
    );
    expect(new Set(rows.map(({ scores }) => scores['meanAbsoluteError']!.mean)).size).toBeGreaterThan(3);
    expect(only(events, 'stage')).toHaveLength(7);
    expect(await readFile(join(run, 'table.md'), 'utf8')).toMatch(/^\| 6 \| ✓ \|  \| ✓ \| ✓ \|/m);
    expect(await readFile(join(run, 'table.tex'), 'utf8')).toContain(
      String.raw`No.2 & \checkmark & \checkmark &  &  &`,
    );
    expect((await readFile(join(run, 'results.csv'), 'utf8')).split('\r\n')).toHaveLength(9);
  });

  it("agrees with evaluate on the row's own predictions", async () => {
    const run = join(root, 'all');
    const json = join(root, 'evaluated.json');
    const place = join(run, 'row-7', 'seed-0', 'predictions');
    await infnet([
      'evaluate',
      '--pred',
      place,
      '--gt',
      join(data, 'GT'),
      '--protocol',
      'infnet',
      '--json',
      json,
    ]);
    const evaluated = JSON.parse(await readFile(json, 'utf8')) as {
      systems: { scores: Record<string, { value: number }> }[];
    };
    const { rows } = await results(run);
    for (const score of ['meanDice', 'structureMeasure', 'meanAbsoluteError']) {
      expect(rows[6]!.scores[score]!.mean).toBe(evaluated.systems[0]!.scores[score]!.value);
    }
  });

  it('stopped by Ctrl-C it goes on with the rows that are missing, and ends with the same numbers', async () => {
    const [whole, parts] = [join(root, 'whole'), join(root, 'parts')];
    const args = (run: string): string[] => [
      'ablate',
      data,
      '-o',
      run,
      '--rows',
      '1,7',
      '--seeds',
      '2',
      ...SMALL,
    ];
    expect((await infnet(args(whole))).code).toBe(0);
    const stopped = await infnet(args(parts), { interruptAt: 'epoch' });
    expect(stopped.code).toBe(130);
    expect((await infnet(args(parts))).code).toBe(2);
    const resumed = await infnet([...args(parts), '--resume']);
    expect(resumed.code).toBe(0);
    const again = await infnet([...args(parts), '--resume']);
    expect(only(again.events, 'skipped')).toHaveLength(4);
    expect(only(again.events, 'epoch')).toHaveLength(0);
    expect(await readFile(join(parts, 'results.json'))).toEqual(await readFile(join(whole, 'results.json')));
    const { rows } = await results(whole);
    for (const { seeds, scores, runs } of rows) {
      expect(seeds).toEqual([0, 1]);
      const [a, b] = runs.map((one) => one.scores['meanAbsoluteError']!);
      expect(a).not.toBe(b);
      expect(scores['meanAbsoluteError']!.mean).toBeCloseTo((a! + b!) / 2, 12);
      expect(scores['meanAbsoluteError']!.sd).toBeCloseTo(Math.abs(a! - b!) / Math.SQRT2, 12);
    }
    const other = await infnet([...args(parts), '--resume', '--lr', '0.5']);
    expect(other.code).toBe(2);
    expect(only(other.events, 'failure')).toMatchObject([{ code: 'run-mismatch' }]);
  });

  it('measures on a folder of its own, records a row that fails, and goes on; the next time it is tried again', async () => {
    const run = join(root, 'partly');
    const test = join(root, 'test');
    await writeTrainingFolder(test, 3);
    await mkdir(run);
    await writeFile(join(run, 'row-2'), 'in the way');
    const args = ['ablate', data, '-o', run, '--test', test, '--rows', '1-2', '--no-validation', ...SMALL];
    const first = await infnet(args);
    expect(first.code).toBe(1);
    expect(only(first.events, 'end')).toMatchObject([{ done: 1, failed: 1 }]);
    const before = await results(run);
    expect(before.rows.map(({ row }) => row)).toEqual([1]);
    expect(before.failed).toMatchObject([{ row: 2, seed: 0, code: 'run-not-writable' }]);
    await rm(join(run, 'row-2'));
    const second = await infnet([...args, '--resume']);
    expect(second.code).toBe(0);
    expect((await results(run)).rows.map(({ row }) => row)).toEqual([1, 2]);
  });

  it('measures done rows anew where the slices to measure on have changed', async () => {
    const run = join(root, 'partly');
    const test = join(root, 'test');
    await writeFile(join(test, 'GT', 'slice-0.png'), squarePng(48, 48, 20));
    const args = [
      'ablate',
      data,
      '-o',
      run,
      '--test',
      test,
      '--rows',
      '1',
      '--no-validation',
      ...SMALL,
      '--resume',
    ];
    const before = (await results(run)).rows[0]!.scores['meanDice']!.mean;
    const { code, events } = await infnet(args);
    expect(code).toBe(0);
    expect(only(events, 'epoch')).toHaveLength(0);
    expect((await results(run)).rows[0]!.scores['meanDice']!.mean).not.toBe(before);
  });

  it('where every row fails: exit code 2', async () => {
    const run = join(root, 'none');
    const broken = join(root, 'broken');
    await writeTrainingFolder(broken, 2);
    await writeFile(join(broken, 'Imgs', 'slice-0.png'), slicePng(2));
    const args = ['ablate', data, '-o', run, '--test', broken, '--rows', '1', ...SMALL];
    const { code, events } = await infnet(args);
    expect(code).toBe(2);
    expect(only(events, 'failure')[0]!.message).toMatch(/No. 1, backbone, seed 0: .*slice-0/);
    await expect(stat(join(run, 'row-1', 'seed-0', 'scores.json'))).rejects.toThrow('ENOENT');
  });

  it.each([
    ['a row that is none', ['--rows', '0,8'], 'usage'],
    ['no slices to measure on', ['--no-validation'], 'usage'],
    ['a test folder that is not there', ['--test', 'nowhere'], 'not-a-folder'],
  ])('%s: exit code 2', async (_, extra, what) => {
    const { code, events } = await infnet(['ablate', data, '-o', join(root, 'never'), ...SMALL, ...extra]);
    expect(code).toBe(2);
    expect(only(events, 'failure').at(-1)?.code).toBe(what);
  });
});
