import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPhantom, lungMask, readGreyImage, writeMask, writeVolume } from '@infnet/io-medical';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeSeries } from '../ct-slice.js';
import { slicePng } from '../fixtures.js';
import { infnet, only, temporaryFolder, type Finished } from '../infnet.js';

let root: string;
let volumes: string;
let masks: string;

interface Manifest {
  options: Record<string, unknown>;
  parts: Record<string, { volumes: number; slices: number; slicesWithInfection?: number }>;
  cases: {
    name: string;
    input?: string;
    folder: string;
    volumeSha256: string;
    maskSha256: string | null;
    slices: { slice: number; files: Record<string, string>; infectedPixels?: number }[];
  }[];
  failures: { input: string; code: string; message: string }[];
}

beforeAll(async () => {
  root = await temporaryFolder();
  volumes = join(root, 'volumes');
  masks = join(root, 'masks');
  await mkdir(volumes);
  await mkdir(masks);
  for (const seed of [1, 2, 3, 4]) {
    const { volume, infection } = createPhantom({ seed, dims: [72, 72, 16] });
    await writeVolume(join(volumes, `Jane Doe ${seed}.nii.gz`), volume);
    if (seed < 4) await writeMask(join(masks, `Jane Doe ${seed}_mask.nii.gz`), infection, volume);
  }
  return () => rm(root, { recursive: true, force: true });
});

async function build(
  extra: readonly string[],
  out: string,
): Promise<Finished & { manifest: () => Promise<Manifest> }> {
  const finished = await infnet(['dataset', volumes, '-o', out, ...extra]);
  const manifest = async (): Promise<Manifest> =>
    JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8')) as Manifest;
  return { ...finished, manifest };
}

async function slicesIn(folder: string): Promise<string[]> {
  const names: string[] = await readdir(folder).catch(() => []);
  return names.toSorted();
}

describe('a data set', () => {
  let out: string;
  let finished: Awaited<ReturnType<typeof build>>;

  beforeAll(async () => {
    out = join(root, 'labelled');
    finished = await build(['--masks', masks, '--edges', '--val', '0.4', '--seed', '5'], out);
  });

  it('is laid out as `infnet train` reads it, each volume in one part', async () => {
    expect(finished.code).toBe(0);
    const { parts, cases } = await finished.manifest();
    expect(parts).toMatchObject({
      train: { volumes: 2 },
      val: { volumes: 1 },
      test: { volumes: 0 },
      unlabelled: { volumes: 1 },
    });
    for (const part of ['train', 'val']) {
      const images = await slicesIn(join(out, part, 'Imgs'));
      expect(images.length).toBe(parts[part]!.slices);
      expect(images.length).toBeGreaterThan(5);
      expect(await slicesIn(join(out, part, 'GT'))).toEqual(images);
      expect(await slicesIn(join(out, part, 'Edge'))).toEqual(images);
    }
    expect(await slicesIn(join(out, 'unlabelled'))).toEqual(['Imgs']);
    expect(cases.find(({ folder }) => folder === 'unlabelled')).toMatchObject({
      input: 'Jane Doe 4.nii.gz',
      maskSha256: null,
    });
  });

  it('has the bytes that the manifest says, slices of its volumes cropped to the lungs', async () => {
    const { cases } = await finished.manifest();
    for (const { slices } of cases) {
      for (const { files } of slices) {
        for (const [path, sha256] of Object.entries(files)) {
          const bytes = await readFile(join(out, path));
          expect(createHash('sha256').update(bytes).digest('hex'), path).toBe(sha256);
        }
      }
    }
    const entry = cases.find(({ input }) => input === 'Jane Doe 2.nii.gz')!;
    const { volume, infection } = createPhantom({ seed: 2, dims: [72, 72, 16] });
    const { labels } = lungMask(volume, { infection });
    const slice = entry.slices.find(({ infectedPixels }) => infectedPixels! > 0)!;
    const [image] = Object.keys(slice.files).filter((path) => path.includes('/Imgs/'));
    const { width } = await readGreyImage(join(out, image!));
    const start = (slice.slice - 1) * 72 * 72;
    const columns = new Set(
      [...labels.subarray(start, start + 72 * 72).keys()]
        .filter((i) => labels[start + i]! > 0)
        .map((i) => i % 72),
    );
    expect(width).toBe(Math.max(...columns) - Math.min(...columns) + 1 + 2);
    const infected = infection.subarray(start, start + 72 * 72).reduce((sum, value) => sum + value, 0);
    expect(slice.infectedPixels).toBe(infected);
  });

  it('trains', async () => {
    const run = await infnet([
      'train',
      join(out, 'train'),
      '--val-dir',
      join(out, 'val'),
      '-o',
      join(root, 'run'),
      '--preset',
      'short',
      '--size',
      '32',
      '--width',
      '0.1',
      '--epochs',
      '1',
    ]);
    expect(run.stderr).not.toMatch(/error/);
    expect(run.code).toBe(0);
  });

  it('is refused, continued or replaced, as asked', async () => {
    const refused = await build(['--masks', masks], out);
    expect(refused.code).toBe(2);
    expect(only(refused.events, 'failure')).toMatchObject([{ code: 'output-exists' }]);

    const same = ['--masks', masks, '--edges', '--val', '0.4', '--seed', '5', '--continue'];
    const continued = await build(same, out);
    expect(continued.code).toBe(0);
    expect(only(continued.events, 'skipped')).toHaveLength(4);

    const before = (await slicesIn(join(out, 'train', 'Imgs'))).length;
    const thinned = await build([...same, '--every', '2'], out);
    expect(only(thinned.events, 'skipped')).toHaveLength(0);
    const after = await slicesIn(join(out, 'train', 'Imgs'));
    expect(after.length).toBeLessThan(before);
    expect(after.length).toBe((await thinned.manifest()).parts['train']!.slices);

    await writeFile(join(out, 'train', 'Imgs', 'my own.png'), slicePng());
    const replaced = await build(['--masks', masks, '--test', '0.3', '--val', '0', '--overwrite'], out);
    expect(replaced.code).toBe(0);
    const { parts } = await replaced.manifest();
    expect(parts).toMatchObject({ train: { volumes: 2 }, val: { volumes: 0 }, test: { volumes: 1 } });
    expect(await slicesIn(join(out, 'val', 'Imgs'))).toEqual([]);
    expect(await slicesIn(join(out, 'train', 'Edge'))).toEqual([]);
    expect(await slicesIn(join(out, 'train', 'Imgs'))).toHaveLength(parts['train']!.slices + 1);
  });

  it('--anonymous names no patient in any name or file', async () => {
    const anonymous = join(root, 'anonymous');
    const { code } = await build(['--masks', masks, '--anonymous', '--every', '4'], anonymous);
    expect(code).toBe(0);
    const names = await readdir(anonymous, { recursive: true });
    expect(
      names.filter((name) => name.endsWith('.png')).every((name) => /case-00\d_slice-\d+\.png$/.test(name)),
    ).toBe(true);
    for (const name of names.filter((other) => other.endsWith('.json'))) {
      expect(await readFile(join(anonymous, name), 'utf8')).not.toMatch(/Jane|Doe/);
    }
    expect(names.join(' ')).not.toMatch(/Jane|Doe/);
  });
});

describe('what is wrong', () => {
  it('a bad volume is recorded and the rest goes on', async () => {
    const folder = join(root, 'mixed');
    await mkdir(folder);
    await copyFile(join(volumes, 'Jane Doe 1.nii.gz'), join(folder, 'good.nii.gz'));
    await writeFile(join(folder, 'text.nii'), 'this is text');
    await writeFile(join(folder, 'picture.png'), slicePng());
    const out = join(root, 'mixed-out');
    const { code, events } = await infnet(['dataset', folder, '-o', out]);
    expect(code).toBe(1);
    expect(
      only(events, 'failure')
        .map(({ code: failure }) => failure)
        .toSorted(),
    ).toEqual(['no-lung', 'unknown-format']);
    const { cases, failures } = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8')) as Manifest;
    expect(cases.map(({ name }) => name)).toEqual(['good']);
    expect(failures.map(({ input }) => input).toSorted()).toEqual(['picture.png', 'text.nii']);
    expect(JSON.stringify(failures)).not.toContain(root);
  });

  it('a series with a gap is refused, or read with --allow-uneven, as the manifest tells', async () => {
    const gap = join(root, 'gap');
    const out = join(root, 'gap-out');
    await writeSeries(gap, [0, 1, 5]);
    const refused = await infnet(['dataset', gap, '-o', out, '--no-lung-mask']);
    expect(only(refused.events, 'failure')[0]).toMatchObject({ code: 'uneven-slices' });
    const more = ['--no-lung-mask', '--overwrite', '--allow-uneven'];
    expect((await infnet(['dataset', gap, '-o', out, ...more])).code).toBe(0);
    const { options, cases } = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8')) as Manifest;
    expect(options).toMatchObject({ allowUneven: true });
    expect(cases[0]?.slices).toHaveLength(3);
  });

  it('a mask of another grid fails its volume; one mask for two volumes, an unknown window: exit code 2', async () => {
    const folder = join(root, 'shifted');
    await mkdir(folder);
    const { volume, infection } = createPhantom({ seed: 1, dims: [72, 72, 16] });
    const affine = volume.affine.map((value, i) => (i === 11 ? value + 30 : value));
    await writeMask(join(folder, 'Jane Doe 1.nii.gz'), infection, { ...volume, affine });
    const shifted = await build(['--masks', folder], join(root, 'shifted-out'));
    expect(shifted.code).toBe(1);
    expect(only(shifted.events, 'failure')).toMatchObject([{ code: 'size-mismatch' }]);

    for (const extra of [
      ['--masks', join(masks, 'Jane Doe 1_mask.nii.gz')],
      ['--window', 'nothing'],
      ['--val', '1.5'],
    ]) {
      const out = join(root, 'never');
      expect((await build(extra, out)).code, extra.join(' ')).toBe(2);
      await expect(stat(out)).rejects.toThrow('ENOENT');
    }
  });
});
