import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { flatPng, squarePng } from '../fixtures.js';
import { infnet, only, temporaryFolder } from '../infnet.js';

const DATA = fileURLToPath(new URL('../../../../../shared/data/covid-semiseg', import.meta.url));
const present = existsSync(DATA);

/** Table II of the paper: Dice, sensitivity, specificity, S-measure, E-measure, MAE. */
const PUBLISHED = {
  'Inf-Net': ['0.682', '0.692', '0.943', '0.781', '0.838', '0.082'],
  'Semi-Inf-Net': ['0.739', '0.725', '0.960', '0.800', '0.894', '0.064'],
  UNet: ['0.439', '0.534', '0.858', '0.622', '0.625', '0.186'],
};

describe(`the authors' maps${present ? '' : ' (skipped: ../shared is not there)'}`, () => {
  it.skipIf(!present)('give the published three decimals', async () => {
    const maps = Object.keys(PUBLISHED).map((name) => join(DATA, 'Results/LungInfection-Test', name));
    const gt = join(DATA, 'Dataset/TestingSet/LungInfection-Test/GT');
    const { code, events, stderr } = await infnet([
      'evaluate',
      '--pred',
      ...maps,
      '--gt',
      gt,
      '--protocol',
      'infnet',
    ]);
    expect(code).toBe(0);
    for (const [system, figures] of Object.entries(PUBLISHED)) {
      const { scores, cases } = only(events, 'scores').find((event) => event.system === system)!;
      expect(cases).toBe(48);
      const names = [
        'meanDice',
        'meanSensitivity',
        'meanSpecificity',
        'structureMeasure',
        'meanEMeasure',
        'meanAbsoluteError',
      ];
      expect(names.map((name) => scores[name]!.toFixed(3))).toEqual(figures);
    }
    expect(stderr).toContain('protocol infnet');
    expect(stderr).not.toMatch(/\bDice\b(?!@)/);
  });
});

describe('pairs', () => {
  let root: string;
  beforeAll(async () => {
    root = await temporaryFolder();
    for (const folder of ['gt', 'a', 'b']) await mkdir(join(root, folder));
    for (const name of ['one', 'two', 'three', 'none', 'damaged', 'alone']) {
      await writeFile(join(root, 'gt', `${name}.png`), name === 'none' ? flatPng(0) : squarePng(32, 32, 16));
    }
    await writeFile(join(root, 'a', 'one.png'), squarePng(32, 32, 16));
    await writeFile(join(root, 'a', 'two.png'), squarePng(32, 32, 8));
    await writeFile(join(root, 'a', 'three.png'), squarePng(30, 32, 16));
    await writeFile(join(root, 'a', 'none.png'), flatPng(0));
    await writeFile(join(root, 'a', 'damaged.png'), 'text');
    await writeFile(join(root, 'a', 'more.png'), flatPng(0));
    await writeFile(join(root, 'b', 'one.png'), squarePng(32, 32, 16));
    return () => rm(root, { recursive: true, force: true });
  });

  it('names what is missing, mismatched or damaged, and scores the rest', async () => {
    const json = join(root, 'out', 'scores.json');
    const { code, events } = await infnet([
      'evaluate',
      '--pred',
      `ours=${join(root, 'a')}`,
      '--gt',
      join(root, 'gt'),
      '--json',
      json,
    ]);
    expect(code).toBe(1);
    const codes = Object.fromEntries(
      only(events, 'failure').map(({ input, code: what }) => [input?.split('/').at(-1), what]),
    );
    expect(codes).toEqual({
      'alone.png': 'missing-prediction',
      'three.png': 'size-mismatch',
      'damaged.png': 'unknown-format',
      'more.png': 'missing-ground-truth',
    });
    const [scores] = only(events, 'scores');
    expect(scores).toMatchObject({ system: 'ours', protocol: 'standard', cases: 3 });
    // Two squares: identical, and an eighth of the pixels less on each side: 2 * 64 / (64 + 256).
    expect(scores!.scores['diceAtHalf']).toBeCloseTo((1 + 0.4) / 2, 12);
    const document = JSON.parse(await readFile(json, 'utf8')) as {
      definition: { protocol: string };
      systems: {
        cases: number;
        failures: unknown[];
        rows: { id: string }[];
        scores: { meanDice: { n: number; excluded: number } };
      }[];
    };
    expect(document.definition.protocol).toBe('standard');
    expect(document.systems[0]).toMatchObject({ cases: 3, scores: { meanDice: { n: 2, excluded: 1 } } });
    expect(document.systems[0]!.failures).toHaveLength(4);
  });

  it('warns of a mask without foreground, by name', async () => {
    const { events } = await infnet(['evaluate', '--pred', join(root, 'a'), '--gt', join(root, 'gt')]);
    expect(only(events, 'warning').map(({ input }) => input)).toContain(join(root, 'gt', 'none.png'));
  });

  it('writes a table and a page for several systems', async () => {
    const [csv, html] = [join(root, 'scores.csv'), join(root, 'page.html')];
    const args = [
      'evaluate',
      '--pred',
      join(root, 'a'),
      join(root, 'b'),
      '--gt',
      join(root, 'gt'),
      '--csv',
      csv,
      '--html',
      html,
    ];
    expect((await infnet(args)).code).toBe(1);
    const lines = (await readFile(csv, 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(1 + 3 + 1);
    expect(new Set(lines.map((line) => line.split(',').length)).size).toBe(1);
    const page = await readFile(html, 'utf8');
    expect(page).toContain('meanDice');
    expect(page).toContain('size-mismatch');
    expect(page).not.toMatch(/https?:\/\//);
  });

  it('a folder without images or that is not there: that system fails, the others are scored', async () => {
    const missing = join(root, 'missing');
    const { code, events } = await infnet([
      'evaluate',
      '--pred',
      missing,
      join(root, 'b'),
      '--gt',
      join(root, 'gt'),
    ]);
    expect(code).toBe(1);
    expect(only(events, 'failure')[0]).toMatchObject({ code: 'not-a-folder', input: missing });
    expect(only(events, 'scores').map(({ system }) => system)).toEqual(['b']);
  });

  it('no ground truth, or nothing to compare: exit code 2', async () => {
    expect((await infnet(['evaluate', '--pred', join(root, 'a'), '--gt', join(root, 'missing')])).code).toBe(
      2,
    );
    const empty = join(root, 'empty');
    await mkdir(empty);
    expect((await infnet(['evaluate', '--pred', empty, '--gt', join(root, 'gt')])).code).toBe(2);
  });

  it('an output that cannot be written is told before the work', async () => {
    const { code, events } = await infnet([
      'evaluate',
      '--pred',
      join(root, 'a'),
      '--gt',
      join(root, 'gt'),
      '--json',
      root,
    ]);
    expect(code).toBe(2);
    expect(only(events, 'failure')).toMatchObject([{ code: 'output-not-writable' }]);
    expect(only(events, 'scores')).toHaveLength(0);
  });
});
