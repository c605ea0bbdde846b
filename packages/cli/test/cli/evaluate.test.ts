import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { createPhantom, encodePng, writeVolume } from '@infnet/io-medical';
import { flatPng, slicePng, squarePng } from '../fixtures.js';
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
    const lines = (await readFile(csv, 'utf8')).trim().split('\r\n');
    expect(lines).toHaveLength(1 + 3 + 1);
    expect(new Set(lines.map((line) => line.replaceAll(/"[^"]*"/g, '').split(',').length)).size).toBe(1);
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

describe('tables for a text, intervals and tests', () => {
  let root: string;
  const HOSTILE = '<b>&x|y';
  beforeAll(async () => {
    root = await temporaryFolder();
    for (const folder of ['gt', 'good', 'bad', 'images']) await mkdir(join(root, folder));
    for (let i = 0; i < 12; i++) {
      const name = `p${i % 3}_${i}.png`;
      await writeFile(join(root, 'gt', name), i === 0 ? flatPng(0) : squarePng(32, 32, 16));
      await writeFile(join(root, 'good', name), squarePng(32, 32, 15));
      await writeFile(join(root, 'bad', name), squarePng(32, 32, 4 + (i % 4)));
      await writeFile(join(root, 'images', name), slicePng(i, [32, 32, 3]));
    }
    return () => rm(root, { recursive: true, force: true });
  });
  const at = (name: string): string => join(root, name);
  const compare = (...more: string[]): ReturnType<typeof infnet> =>
    infnet([
      'evaluate',
      '--pred',
      `${HOSTILE}=${at('good')}`,
      at('bad'),
      '--gt',
      at('gt'),
      '--resamples',
      '2000',
      ...more,
    ]);

  it('say how sure the figures are, and whether two systems differ', async () => {
    const { code, stderr } = await compare('--json', at('scores.json'));
    expect(code).toBe(0);
    expect(stderr).toContain('95 % intervals: bootstrap (bca) by case, 2000 resamples, seed 0');
    const line = stderr.split('\n').find((text) => text.includes(`${HOSTILE} - bad`))!;
    expect(line).toContain('Dice@0.5');
    expect(line).toMatch(/\+0\.\d{3} +\[0\.\d{3}, 0\.\d{3}\]/);
    // 11 cases with infection, all in favour of one system: 2 of 2^11 assignments, twice by Holm? One pair: once.
    expect(line).toContain('0.0010');
    const { tests, systems } = JSON.parse(await readFile(at('scores.json'), 'utf8')) as {
      tests: { result: { permutation: { pValue: number; method: string }; wilcoxon: { pValue: number } } }[];
      systems: {
        healthy: { slices: number; falselyMarked: number };
        otherProtocol: { definition: unknown };
      }[];
    };
    expect(tests[0]!.result.permutation).toMatchObject({ pValue: 2 / 2 ** 11, method: 'exact' });
    expect(systems[0]!.healthy).toMatchObject({ slices: 1, falselyMarked: 1 });
    expect(systems[0]!.otherProtocol.definition).toMatchObject({ protocol: 'infnet' });
  });

  it('with patients: the patient is the unit', async () => {
    const { stderr } = await compare('--cluster', '^(p\\d)_');
    expect(stderr).toContain('by patient');
    expect(stderr.split('\n').find((text) => text.includes(`${HOSTILE} - bad`))).toContain('0.250');
    const { code, events } = await compare('--cluster', '^(p[01])_');
    expect(code).toBe(1);
    expect(new Set(only(events, 'failure').map((failure) => failure.code))).toEqual(new Set(['no-patient']));
  });

  it('as Markdown and LaTeX, with definition and escaped names', async () => {
    await compare('--markdown', at('t.md'), '--latex', at('t.tex'));
    const markdown = await readFile(at('t.md'), 'utf8');
    expect(markdown).toContain('| &lt;b&gt;&amp;x\\|y | 12 |');
    expect(markdown).toContain('protocol standard');
    const latex = await readFile(at('t.tex'), 'utf8');
    expect(latex).toContain('\\textless{}b\\textgreater{}\\&x\\textbar{}y & ');
    expect(latex).toContain('\\begin{tabular}{lcccccc}');
  });

  it('and as a page: both protocols, curves, worst cases on their slices, nothing from elsewhere', async () => {
    await compare('--html', at('page.html'), '--images', at('images'), '--worst', '3');
    const page = await readFile(at('page.html'), 'utf8');
    expect(page).toContain('protocol infnet');
    expect(page).toContain('protocol standard');
    expect(page.match(/<figure class="block"><svg/g)).toHaveLength(6);
    expect(page.match(/<li><h3>/g)).toHaveLength(3);
    expect(page.match(/data:image\/png;base64,iVBOR/g)).toHaveLength(3); // used again by the second system
    expect(page.match(/<use href="#slice--\d"/g)).toHaveLength(3);
    expect(page).not.toContain('<b>&x');
    expect(page).not.toMatch(/https?:\/\//);
    expect(page).not.toContain(root);
  });
});

describe('volumes', () => {
  let root: string;
  beforeAll(async () => {
    root = await temporaryFolder();
    for (const folder of ['gt', 'maps', 'elsewhere']) await mkdir(join(root, folder));
    for (const seed of [1, 2]) {
      const { volume, infection } = createPhantom({ seed, dims: [48, 40, 6] });
      const truth = infection.slice();
      truth.fill(0, 0, 48 * 40); // the first slice is healthy; the system marks three pixels there
      const map = Float32Array.from(truth, (value) => 0.8 * value);
      map.fill(0.9, 100, 103);
      await writeVolume(join(root, 'gt', `scan${seed}.nii.gz`), { ...volume, voxels: truth });
      await writeVolume(join(root, 'maps', `scan${seed}.nii.gz`), { ...volume, voxels: map });
      const affine = volume.affine.map((value, i) => (i === 3 ? value + 50 : value));
      await writeVolume(join(root, 'elsewhere', `scan${seed}.nii.gz`), { ...volume, voxels: map, affine });
    }
    return () => rm(root, { recursive: true, force: true });
  });

  it('are measured slice by slice and as wholes, in ml; slices of a volume are one patient', async () => {
    const { code, stderr, events } = await infnet([
      'evaluate',
      '--pred',
      join(root, 'maps'),
      '--gt',
      join(root, 'gt'),
      '--csv-volumes',
      join(root, 'v.csv'),
      '--csv-masks',
      join(root, 'm.csv'),
      '--html',
      join(root, 'v.html'),
    ]);
    expect(only(events, 'failure')).toEqual([]);
    expect(code).toBe(0);
    expect(only(events, 'scores')[0]).toMatchObject({ cases: 12 });
    expect(stderr).toContain('by patient');
    const [header, first] = (await readFile(join(root, 'v.csv'), 'utf8')).trim().split('\r\n');
    const cell = (name: string): string => first!.split(',')[header!.split(',').indexOf(name)]!;
    expect(cell('volume')).toBe('scan1');
    expect(cell('slices')).toBe('6');
    expect(Number(cell('falselyMarkedSlices'))).toBeGreaterThanOrEqual(1);
    expect(Number(cell('dice'))).toBeGreaterThan(0.9);
    expect(Number(cell('truthMl'))).toBeGreaterThan(0);
    const page = await readFile(join(root, 'v.html'), 'utf8');
    expect(page).toContain('Dice of the volume');
    expect(page).toContain('Masks, distances in mm');
    const [names, scan] = (await readFile(join(root, 'm.csv'), 'utf8')).trim().split('\r\n');
    const value = (name: string): number => Number(scan!.split(',')[names!.split(',').indexOf(name)]);
    // The map is the truth and three voxels in a row elsewhere: one false lesion, far away.
    expect(value('foundLesions')).toBe(value('trueLesions'));
    expect(value('falseLesions')).toBe(1);
    expect(value('hausdorff')).toBeGreaterThan(5);
    expect(value('hd95Pooled')).toBeLessThan(value('hausdorff'));
    expect(scan).toContain('distances in mm');
  });

  it('that lie elsewhere in the patient are refused', async () => {
    const { code, events } = await infnet([
      'evaluate',
      '--pred',
      join(root, 'elsewhere'),
      '--gt',
      join(root, 'gt'),
    ]);
    expect(code).toBe(2);
    expect(only(events, 'failure').map((failure) => failure.code)).toEqual([
      'geometry-mismatch',
      'geometry-mismatch',
    ]);
  });
});

describe('labels', () => {
  it('are measured class by class, with the mean over classes', async () => {
    const root = await temporaryFolder();
    await mkdir(join(root, 'gt'));
    await mkdir(join(root, 'maps'));
    const truth = Uint8Array.of(1, 1, 2, 2, 0, 0, 0, 0, 0);
    const map = Uint8Array.of(1, 0, 2, 2, 2, 0, 0, 0, 0);
    await writeFile(join(root, 'gt', 'a.png'), encodePng({ width: 3, height: 3, data: truth }));
    await writeFile(join(root, 'maps', 'a.png'), encodePng({ width: 3, height: 3, data: map }));
    const { code, events, stderr } = await infnet([
      'evaluate',
      '--pred',
      join(root, 'maps'),
      '--gt',
      join(root, 'gt'),
      '--labels',
      '1=ggo,2=consolidation',
      '--html',
      join(root, 'page.html'),
    ]);
    expect(code).toBe(0);
    const scores = only(events, 'scores');
    expect(scores.map(({ label }) => label)).toEqual(['ggo', 'consolidation']);
    expect(scores[0]!.scores['diceAtHalf']).toBeCloseTo(2 / 3, 12);
    expect(scores[1]!.scores['diceAtHalf']).toBeCloseTo(4 / 5, 12);
    expect(stderr).toContain('mean over 2 classes');
    // Macro (2/3 + 4/5) / 2, weighted by two pixels each, micro 2 * 3 / (4 + 4).
    expect(stderr).toMatch(/mean over cases.*\nmaps +0\.733 +0\.733 +0\.750/);
    expect(await readFile(join(root, 'page.html'), 'utf8')).toContain('consolidation <span>label 2</span>');
    await rm(root, { recursive: true });
  });

  it('without a class are scored by the policy that is stated', async () => {
    const root = await temporaryFolder();
    const folders = ['gt', 'maps'].map((name) => join(root, name));
    const slices: Record<string, readonly (readonly number[])[]> = {
      both: [
        [0, 2, 2, 0],
        [0, 2, 2, 0],
      ],
      'rightly-empty': [
        [0, 1, 0, 0],
        [0, 1, 0, 0],
      ],
      invented: [
        [0, 1, 0, 0],
        [0, 1, 2, 0],
      ],
    };
    for (const [which, folder] of folders.entries()) {
      await mkdir(folder);
      for (const [name, pair] of Object.entries(slices)) {
        const data = Uint8Array.from(pair[which]!);
        await writeFile(join(folder, `${name}.png`), encodePng({ width: 2, height: 2, data }));
      }
    }
    const diceOf = async (extra: string[]): Promise<number | null> => {
      const [gt, maps] = folders as [string, string];
      const args = ['evaluate', '--pred', maps, '--gt', gt, '--labels', '2=consolidation', ...extra];
      const { code, events } = await infnet(args);
      expect(code).toBe(0);
      return only(events, 'scores')[0]!.scores['diceAtHalf']!;
    };
    expect(await diceOf([])).toBe(1); // the one slice that has it
    expect(await diceOf(['--empty', 'one-zero'])).toBeCloseTo(2 / 3, 12);
    expect(await diceOf(['--empty', 'reference'])).toBeCloseTo(1 / 3, 12);
    expect(await diceOf(['--protocol', 'infnet'])).toBeCloseTo(1 / 3, 12);
    expect(await diceOf(['--protocol', 'infnet', '--empty', 'nan'])).toBe(1);
    await rm(root, { recursive: true });
  });
});
