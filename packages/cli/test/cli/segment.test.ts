import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPhantom, readImage, writeMask, writeVolume } from '@infnet/io-medical';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeSeries } from '../ct-slice.js';
import { flatPng, slicePng, writePhantom, writeTinyModel } from '../fixtures.js';
import { infnet, only, temporaryFolder, type Finished } from '../infnet.js';

let root: string;
let model: string;
let runs = 0;

beforeAll(async () => {
  root = await temporaryFolder();
  model = await writeTinyModel(join(root, 'tiny.safetensors'));
  return () => rm(root, { recursive: true, force: true });
});

interface Report {
  notice: string;
  model: { name: string; sha256: string; shipped: boolean };
  options: { threshold: number; size: number };
  backend: { name: string };
  results: {
    input: string;
    outputs: { mask: string; probability?: string; overlays: string[] };
    quantities: { voxels: number; volumeMl?: number; slices: unknown[] };
    warnings: string[];
  }[];
  failures: { input: string; code: string; message: string; hint: string }[];
}

async function segment(
  inputs: readonly string[],
  extra: readonly string[] = [],
  options: Parameters<typeof infnet>[1] = {},
): Promise<Finished & { out: string; report: () => Promise<Report> }> {
  const given = extra.indexOf('-o');
  const out = given >= 0 ? extra[given + 1]! : join(root, `out-${runs++}`);
  const output = given >= 0 ? [] : ['-o', out];
  const finished = await infnet(['segment', ...inputs, ...output, '-m', model, ...extra], options);
  const report = async (): Promise<Report> =>
    JSON.parse(await readFile(join(out, 'report.json'), 'utf8')) as Report;
  return { ...finished, out, report };
}

describe('workers', () => {
  it('give the same masks and probabilities, byte for byte', async () => {
    const scan = join(root, 'for-workers.nii.gz');
    await writePhantom(scan, 4);
    const args = ['--save-probability', '-b', 'wasm'];
    const [alone, together] = [
      await segment([scan], args),
      await segment([scan], [...args, '--workers', '2']),
    ];
    expect([alone.code, together.code]).toEqual([0, 0]);
    for (const part of ['masks', 'probabilities']) {
      const read = (out: string): Promise<Buffer> => readFile(join(out, part, 'for-workers.nii.gz'));
      expect((await read(together.out)).equals(await read(alone.out)), part).toBe(true);
    }
    const { voxels } = await readImage(join(together.out, 'probabilities', 'for-workers.nii.gz'));
    expect(new Set(voxels).size).toBeGreaterThan(1);
  });
});

describe('a volume and pictures', () => {
  let finished: Awaited<ReturnType<typeof segment>>;
  let folder: string;

  beforeAll(async () => {
    folder = join(root, 'good');
    await mkdir(join(folder, 'sub folder'), { recursive: true });
    await writePhantom(join(folder, 'scan of A.nii.gz'));
    await writeFile(join(folder, 'slice.png'), slicePng());
    await writeFile(join(folder, 'sub folder', 'slice.png'), slicePng(2));
    await writeFile(join(folder, 'notes.txt'), 'not an image');
    finished = await segment([folder], ['--save-probability', '-t', '0.4']);
  });

  it('gives exit code 0, one event per input, and no word of TensorFlow.js', async () => {
    const { code, events, stderr, stdout } = finished;
    expect(stderr).not.toMatch(/error/);
    expect(code).toBe(0);
    expect(only(events, 'case')).toHaveLength(3);
    expect(only(events, 'end')).toMatchObject([{ exitCode: 0, done: 3, failed: 0 }]);
    expect(`${stderr}${stdout}`).not.toMatch(/TensorFlow\.js|Hi, looks like/);
  });

  it('writes the mask of a volume in its geometry', async () => {
    const mask = await readImage(join(finished.out, 'masks', 'scan_of_A.nii.gz'));
    const input = await readImage(join(folder, 'scan of A.nii.gz'));
    expect(mask.dims).toEqual(input.dims);
    expect(mask.affine).toEqual(input.affine);
    expect(mask.voxels).toBeInstanceOf(Uint8Array);
    expect(Math.max(...mask.voxels)).toBeLessThanOrEqual(1);
    const { results } = await finished.report();
    const { quantities } = results.find(({ input: name }) => name === 'scan of A.nii.gz')!;
    expect(quantities.voxels).toBe((mask.voxels as Uint8Array).reduce((sum, value) => sum + value, 0));
    expect(quantities.volumeMl).toBeGreaterThan(0);
    expect(quantities.slices).toHaveLength(6);
  });

  it('cuts the probability that it saves at the threshold', async () => {
    const { results } = await finished.report();
    for (const { outputs } of results) {
      const mask = await readImage(join(finished.out, outputs.mask));
      const probability = await readImage(join(finished.out, outputs.probability!));
      const full = probability.format === 'png' ? 255 : 1;
      // 8-bit probabilities are rounded, so those next to the threshold may fall on either side.
      let wrong = 0;
      mask.voxels.forEach((value, i) => {
        const p = probability.voxels[i]! / full;
        if (Math.abs(p - 0.4) > 0.003 && value > 0 !== p >= 0.4) wrong++;
      });
      expect(wrong).toBe(0);
    }
  });

  it('keeps apart what has the same name, without spaces', async () => {
    const names = await readdir(join(finished.out, 'masks'));
    expect(names.toSorted()).toEqual(['scan_of_A.nii.gz', 'slice.png', 'sub_folder__slice.png']);
  });

  it('writes overlays at the size of the image', async () => {
    const { results } = await finished.report();
    for (const { outputs } of results) {
      expect(outputs.overlays.length).toBeGreaterThan(0);
      const overlay = await readImage(join(finished.out, outputs.overlays[0]!));
      const mask = await readImage(join(finished.out, outputs.mask));
      expect(overlay.dims.slice(0, 2)).toEqual(mask.dims.slice(0, 2));
    }
  });

  it('says in report.json which model, backend, threshold and size made the masks', async () => {
    const report = await finished.report();
    expect(report.model).toMatchObject({ name: 'tiny.safetensors', shipped: false });
    expect(report.model.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(report.options).toMatchObject({ threshold: 0.4, size: 64 });
    expect(report.backend.name).toBe('wasm');
    expect(report.notice).toMatch(/not a medical device/i);
  });

  it('writes one HTML file that asks for nothing else and does not tell where the images lie', async () => {
    const html = await readFile(join(finished.out, 'report.html'), 'utf8');
    expect(html).toContain('scan of A.nii.gz');
    expect(html).not.toContain(root);
    expect(html).not.toMatch(/(?:src|href)="(?!#)/);
    expect(html).not.toMatch(/https?:\/\//);
    expect(JSON.stringify(await finished.report())).not.toContain(root);
  });
});

describe('the lungs', () => {
  let volume: string;
  let phantom: Awaited<ReturnType<typeof writePhantom>>;

  beforeAll(async () => {
    volume = join(root, 'chest.nii.gz');
    phantom = createPhantom({ seed: 3, dims: [64, 64, 12] });
    await writeVolume(volume, phantom.volume);
  });

  interface Figures {
    lungs?: { voxels: number; method: string; right: object; zones: unknown[]; zoneScore: number };
    lobes?: { severityScore: number };
    lesions: { count: number };
    tissue: { method: string };
  }

  async function figures(
    extra: readonly string[],
  ): Promise<{ code: number | null; result: Figures; out: string }> {
    const { code, report, out } = await segment([volume], extra);
    return { code, out, result: (await report()).results[0]!.quantities as unknown as Figures };
  }

  it('are found by density, written, and measured by side and zone', async () => {
    const { code, result, out } = await figures([]);
    expect(code).toBe(0);
    expect(result.lungs!.zones).toHaveLength(6);
    expect(result.lungs!.method).toContain('-320 HU');
    expect(result.tissue.method).toContain('-300');
    const lungs = await readImage(join(out, 'lungs', 'chest.nii.gz'));
    expect(new Set(lungs.voxels)).toEqual(new Set([0, 1, 2]));
    expect(lungs.affine).toEqual((await readImage(volume)).affine);
    const html = await readFile(join(out, 'report.html'), 'utf8');
    for (const word of ['Share of the lungs', 'zone score', 'Ground glass', 'left lower'])
      expect(html).toContain(word);
  });

  it('are taken from a mask, or left out', async () => {
    const mask = join(root, 'chest-lungs.nii.gz');
    await writeMask(mask, phantom.lungs, phantom.volume);
    const given = await figures(['--lung-mask', mask]);
    expect(given.result.lungs!.method).toContain('a given mask');
    expect(given.result.lungs!.voxels).toBeGreaterThanOrEqual(phantom.lungs.filter(Boolean).length);
    await expect(stat(join(given.out, 'lungs'))).rejects.toThrow('ENOENT');
    expect((await figures(['--no-lung-mask'])).result).not.toHaveProperty('lungs');

    const lobes = join(root, 'chest-lobes.nii.gz');
    const third = phantom.lungs.length / 3;
    const labels = phantom.lungs.map((lung, i) =>
      lung === 0 ? 0 : (i % 64 > 31 ? 1 : 3) + Math.min(1, Math.floor(i / third)),
    );
    await writeMask(lobes, labels, phantom.volume);
    expect((await figures(['--lung-mask', lobes])).result.lobes).toHaveProperty('severityScore');

    const other = join(root, 'other.nii.gz');
    await writePhantom(other);
    const { code, events } = await segment([volume], ['--lung-mask', other]);
    expect(code).toBe(2);
    expect(only(events, 'failure')).toMatchObject([{ code: 'size-mismatch' }]);
  });

  it('of two scans are compared', async () => {
    const later = join(root, 'later.nii.gz');
    await writeVolume(later, createPhantom({ seed: 3, dims: [64, 64, 12], lesionScale: 1.8 }).volume);
    const { code, report, out } = await segment([volume, later], ['--compare']);
    expect(code).toBe(0);
    const { comparisons } = (await report()) as unknown as {
      comparisons: { earlier: string; later: string; changes: { name: string; change: number }[] }[];
    };
    expect(comparisons).toMatchObject([{ earlier: 'chest.nii.gz', later: 'later.nii.gz' }]);
    expect(comparisons[0]!.changes.map(({ name }) => name)).toContain('share of the lungs');
    expect(await readFile(join(out, 'report.html'), 'utf8')).toContain(
      'Change from chest.nii.gz to later.nii.gz',
    );
  });
});

describe('DICOM', () => {
  const series = fileURLToPath(
    new URL('../../../../../shared/data/zoo/dicom/series/lungmask', import.meta.url),
  );
  const title = 'a folder is one volume: NIfTI mask out, no patient data in the report';
  const isHere = existsSync(series);
  it.skipIf(!isHere)(isHere ? title : `${title} [skipped: ../shared/data is not here]`, async () => {
    const { code, report, out, stderr } = await segment([series]);
    expect(stderr).not.toMatch(/error/);
    expect(code).toBe(0);
    const [result] = (await report()).results;
    expect(result).toMatchObject({ input: 'lungmask', outputs: { mask: 'masks/lungmask.nii.gz' } });
    const mask = await readImage(join(out, 'masks', 'lungmask.nii.gz'));
    expect(mask.dims[2]).toBe(2);
    const { stdout } = await infnet(['info', series, '--json', '--show-patient']);
    const { patient } = JSON.parse(stdout) as { patient: Record<string, string> | string };
    const texts = [
      await readFile(join(out, 'report.json'), 'utf8'),
      await readFile(join(out, 'report.html'), 'utf8'),
    ];
    for (const value of typeof patient === 'string' ? [] : Object.values(patient)) {
      if (value.length > 6) for (const text of texts) expect(text).not.toContain(value);
    }
  });
});

/** Of dicom3tools, where it is installed. */
const VERIFIER = 'dciodvfy';

describe('--dicom', () => {
  const verify = (args: readonly string[]): ReturnType<typeof spawnSync> =>
    spawnSync(VERIFIER, args, { encoding: 'utf8' });
  const hasDciodvfy = verify([]).error === undefined;
  const title = hasDciodvfy ? 'dciodvfy finds no error' : 'dciodvfy is not on this machine, so not by it';

  it(`writes SEG and SR in the place of the mask, with the patient or without; ${title}`, async () => {
    const series = join(root, 'series');
    await writeSeries(series);
    for (const [i, extra] of [[], ['--deidentify']].entries()) {
      const how = ['--dicom', '-t', '0.45', ...extra];
      const { code, report, out, stderr, events } = await segment([series], how);
      expect(stderr).not.toMatch(/error/);
      expect(code).toBe(0);
      expect(only(events, 'written')).toContainEqual(
        expect.objectContaining({ what: 'DICOM objects', path: join(out, 'dicom') }),
      );
      const { outputs, quantities } = (await report()).results[0]! as unknown as {
        outputs: Record<'mask' | 'segmentation' | 'measurements', string>;
        quantities: { voxels: number; volumeMl: number };
      };
      expect(quantities.voxels).toBeGreaterThan(0);
      const [mask, segmentation] = [
        await readImage(join(out, outputs.mask)),
        await readImage(join(out, outputs.segmentation)),
      ];
      expect(segmentation.modality).toBe('SEG');
      expect(places(segmentation)).toEqual(places(mask));
      const sr = await readFile(join(out, outputs.measurements), 'utf8');
      expect(sr).toContain(String(Number(quantities.volumeMl.toPrecision(12))));
      expect(sr.includes('Doe^Jane')).toBe(i === 0);
      if (!hasDciodvfy) continue;
      for (const path of [outputs.segmentation, outputs.measurements]) {
        const { stderr: verdict } = verify([join(out, path)]);
        expect(verdict).toMatch(/Segmentation|ComprehensiveSR/);
        expect(verdict, path).not.toMatch(/^Error/m);
      }
    }
  });

  it('of a series with a gap is refused, with the option that has it read', async () => {
    const gap = join(root, 'gap');
    await writeSeries(gap, [0, 1, 5]);
    const refused = await segment([gap]);
    expect(refused.code).not.toBe(0);
    const [failure] = only(refused.events, 'failure');
    expect(failure).toMatchObject({ code: 'uneven-slices' });
    expect(failure?.hint).toContain('--allow-uneven');
    const read = await segment([gap], ['--allow-uneven']);
    expect(read.code).toBe(0);
    const warnings = only(read.events, 'warning').map(({ message }) => message);
    expect(warnings.join()).toContain('slices lie unevenly');
  });

  it('is refused for what is no DICOM, before any work on it; --deidentify asks for it', async () => {
    const scan = join(root, 'no-dicom.nii');
    await writePhantom(scan);
    const refused = await segment([scan], ['--dicom']);
    expect(refused.code).toBe(2);
    expect(only(refused.events, 'failure')).toMatchObject([{ code: 'not-dicom' }]);
    expect(only(refused.events, 'progress')).toHaveLength(0);
    const alone = await segment([scan], ['--deidentify']);
    expect(alone.code).toBe(2);
    expect(only(alone.events, 'failure')[0]?.message).toContain('--dicom');
  });
});

/** Where the voxels of a mask lie, in tenths of millimetres. */
function places({ voxels, dims: [nx, ny], affine }: Awaited<ReturnType<typeof readImage>>): string[] {
  const marked = [...voxels.keys()].filter((i) => voxels[i] !== 0);
  return marked
    .map((i) => {
      const voxel = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny)), 1];
      const place = (row: number): number =>
        voxel.reduce((sum, value, column) => sum + value * affine[4 * row + column]!, 0);
      return [0, 1, 2].map((row) => place(row).toFixed(1)).join();
    })
    .toSorted();
}

describe('bad input', () => {
  it('is named with what to do, and the rest of the run goes on', async () => {
    const folder = join(root, 'bad');
    await mkdir(folder);
    await writeFile(join(folder, 'good.png'), slicePng());
    await writeFile(join(folder, 'text.png'), 'this is text');
    await writeFile(join(folder, 'empty.png'), '');
    await writeFile(join(folder, 'cut.png'), slicePng().subarray(0, 300));
    await writeFile(join(folder, 'black.png'), flatPng(0));
    await writePhantom(join(folder, 'plain.nii'));
    const sound = await readFile(join(folder, 'plain.nii'));
    const absurd = Buffer.from(sound);
    absurd.writeInt16LE(32_000, 42);
    absurd.writeInt16LE(32_000, 44);
    absurd.writeInt16LE(32_000, 46);
    await writeFile(join(folder, 'absurd.nii'), absurd);
    await writeFile(join(folder, 'short.nii'), sound.subarray(0, 2000));
    const { voxels, dims } = await readImage(join(folder, 'plain.nii'));
    const header = Buffer.from(sound.subarray(0, 352));
    header.writeInt16LE(16, 70);
    header.writeInt16LE(32, 72);
    const floats = Float32Array.from(voxels);
    floats[7] = NaN;
    await writeFile(join(folder, 'nan.nii'), Buffer.concat([header, Buffer.from(floats.buffer)]));

    const { code, stderr, events, report } = await segment([folder, join(root, 'nowhere.png')]);
    expect(code).toBe(1);
    const expected = {
      'text.png': 'unknown-format',
      'empty.png': 'empty-file',
      'cut.png': 'truncated',
      'black.png': 'nothing-to-see',
      'absurd.nii': 'too-large',
      'short.nii': 'truncated',
      'nan.nii': 'not-finite',
      'nowhere.png': 'enoent',
    };
    const failures = only(events, 'failure');
    expect(failures).toHaveLength(Object.keys(expected).length);
    for (const [name, failureCode] of Object.entries(expected)) {
      const failure = failures.find(({ input }) => input?.endsWith(name));
      expect(failure?.code, name).toBe(failureCode);
      expect(failure?.message, name).toContain(name);
      expect(failure?.hint.length, name).toBeGreaterThan(10);
      expect(stderr, name).toContain(name);
    }
    expect(only(events, 'case').map(({ input }) => input.slice(folder.length + 1))).toEqual([
      'good.png',
      'plain.nii',
    ]);
    expect(dims).toEqual([48, 40, 6]);
    const written = await report();
    expect(written.results).toHaveLength(2);
    expect(written.failures).toHaveLength(8);
    const html = await readFile(join(root, `out-${runs - 1}`, 'report.html'), 'utf8');
    for (const { hint } of failures)
      expect(html).toContain(hint.replaceAll("'", '&#39;').replaceAll('"', '&quot;').slice(0, 30));
  });

  it.each([
    ['an empty folder', () => mkdir(join(root, 'none')).then(() => [join(root, 'none')]), 'no-images'],
    ['a file that is not there', () => Promise.resolve([join(root, 'nothing.nii')]), 'enoent'],
  ])('%s alone: exit code 2, and nothing is written', async (_, prepare, failureCode) => {
    const { code, events, out } = await segment(await prepare());
    expect(code).toBe(2);
    expect(only(events, 'failure')).toMatchObject([{ code: failureCode }]);
    await expect(stat(out)).rejects.toThrow('ENOENT');
  });

  it('an unknown, a foreign and a damaged model: exit code 2, the file named', async () => {
    const image = join(root, 'one.png');
    await writeFile(image, slicePng());
    const notModel = join(root, 'text.safetensors');
    await writeFile(notModel, 'this is no model, whatever its name says');
    const damaged = join(root, 'damaged.safetensors');
    await writeFile(damaged, (await readFile(model)).subarray(0, 5000));
    for (const [file, failureCode] of [
      [join(root, 'missing.safetensors'), 'model-not-readable'],
      [notModel, 'model-not-usable'],
      [damaged, 'model-not-usable'],
    ] as const) {
      const { code, events } = await infnet(['segment', image, '-o', join(root, 'never'), '-m', file]);
      expect(code).toBe(2);
      const [failure] = only(events, 'failure');
      expect(failure?.code).toBe(failureCode);
      expect(failure?.message).toContain(file);
    }
  });

  it('an unknown backend: exit code 2', async () => {
    const { code, events } = await segment([join(root, 'good')], ['-b', 'gpu']);
    expect(code).toBe(2);
    expect(only(events, 'failure')[0]?.message).toContain('"gpu"');
  });

  it('an output that is a file, below a file, or not writable: exit code 2 before any work', async () => {
    const file = join(root, 'a-file');
    await writeFile(file, '');
    const locked = join(root, 'locked');
    await mkdir(locked);
    await chmod(locked, 0o500);
    const isRoot = process.getuid?.() === 0;
    for (const out of [file, join(file, 'below'), ...(isRoot ? ['/proc/infnet'] : [join(locked, 'x')])]) {
      const { code, events } = await segment([join(root, 'good')], ['-o', out]);
      expect(code).toBe(2);
      expect(only(events, 'failure')).toMatchObject([{ code: 'output-not-writable' }]);
      expect(only(events, 'failure')[0]?.message).toContain(out);
      expect(only(events, 'model')).toHaveLength(0);
    }
  });
});

describe('earlier results', () => {
  it('are refused, continued or replaced, as asked', async () => {
    const folder = join(root, 'again');
    await mkdir(folder);
    await writeFile(join(folder, 'a.png'), slicePng(1));
    const first = await segment([folder]);
    expect(first.code).toBe(0);
    const same = ['-o', first.out];

    const refused = await segment([folder], same);
    expect(refused.code).toBe(2);
    expect(only(refused.events, 'failure')).toMatchObject([{ code: 'output-exists' }]);

    await writeFile(join(folder, 'b.png'), slicePng(2));
    const continued = await segment([folder], [...same, '--continue']);
    expect(continued.code).toBe(0);
    expect(only(continued.events, 'skipped')).toHaveLength(1);
    expect(only(continued.events, 'case').map(({ mask }) => mask)).toEqual(['masks/b.png']);
    expect((await continued.report()).results).toHaveLength(2);

    const otherThreshold = await segment([folder], [...same, '--continue', '-t', '0.3']);
    expect(only(otherThreshold.events, 'skipped')).toHaveLength(0);
    expect(only(otherThreshold.events, 'case')).toHaveLength(2);

    const before = await readFile(join(first.out, 'masks', 'a.png'));
    const replaced = await segment([folder], [...same, '--overwrite', '-t', '0.3']);
    expect(only(replaced.events, 'case')).toHaveLength(2);
    expect(await readFile(join(first.out, 'masks', 'a.png'))).toEqual(before);
  });

  it('of a run stopped by Ctrl-C are whole, and --continue does the rest', async () => {
    const folder = join(root, 'many');
    await mkdir(folder);
    for (let i = 0; i < 12; i++) await writeFile(join(folder, `${i}.png`), slicePng(i, [40, 40, 3]));
    const stopped = await segment([folder], [], { interruptAt: 'case' });
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain('--continue');
    const done = (await stopped.report()).results.length;
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(12);
    for (const name of await readdir(join(stopped.out, 'masks'))) {
      expect(name).toMatch(/^\d+\.png$/);
      await readImage(join(stopped.out, 'masks', name));
    }
    const rest = await segment([folder], ['-o', stopped.out, '--continue']);
    expect(rest.code).toBe(0);
    expect(only(rest.events, 'skipped').length).toBe(done);
    expect(only(rest.events, 'case').length).toBe(12 - done);
  });
});

describe('how much it says', () => {
  it('--quiet: nothing but errors, on stderr', async () => {
    const image = join(root, 'quiet.png');
    await writeFile(image, slicePng(3, [40, 40, 3]));
    const { code, stdout, stderr } = await segment([image], ['--quiet']);
    expect(code).toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toBe('');
  });

  it('--no-progress: no progress events', async () => {
    const { events } = await segment([join(root, 'good')], ['--no-progress']);
    expect(only(events, 'progress')).toHaveLength(0);
    expect(only(events, 'case')).toHaveLength(3);
  });
});
