import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { classMetadata, createModel, selectBackend, type PriorOrigin } from '@infnet/core-model';
import { readGreyImage, readImage, readLabelImage } from '@infnet/io-medical';
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeSeries } from '../ct-slice.js';
import { slicePng, writePhantom, writeTinyModel } from '../fixtures.js';
import { infnet, only, temporaryFolder } from '../infnet.js';
import type { CaseResult } from '../../src/segment/case-result.js';

interface Report {
  readonly multiClass: { readonly classes: string[]; readonly size: number; readonly path?: string };
  readonly results: readonly CaseResult[];
}

let root: string;
let inputs: string;
let infNet: string;
/** A run folder as training leaves it. */
let classes: string;

/** Random weights, the last layer's stretched about their mean: else one class is most probable everywhere. */
async function writeClassifier(path: string, prior: PriorOrigin | null): Promise<void> {
  await selectBackend('cpu');
  const model = createModel('multi-class-unet', { width: 0.0625, seed: 5 });
  const dict = await model.stateDict();
  const weights = dict.get('outc.conv.weight')!.data as Float32Array; // [3,4,1,1]
  for (let c = 0; c < 3; c++) {
    const own = weights.subarray(4 * c, 4 * c + 4);
    const mean = own.reduce((sum, weight) => sum + weight, 0) / own.length;
    own.set(own.map((weight) => 40 * (weight - mean)));
  }
  (dict.get('outc.conv.bias')!.data as Float32Array).fill(0);
  model.loadStateDict(dict);
  const facts = { classes: ['ground-glass', 'consolidation'], activation: 'softmax', prior } as const;
  await model.save(path, { metadata: { 'infnet.size': '32', ...classMetadata(facts) } });
  model.dispose();
}

async function reportOf(folder: string): Promise<Report> {
  return JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as Report;
}

beforeAll(async () => {
  root = await temporaryFolder();
  inputs = join(root, 'inputs');
  classes = join(root, 'run');
  await mkdir(inputs);
  await mkdir(classes);
  await writePhantom(join(inputs, 'scan.nii.gz'));
  await writeFile(join(inputs, 'slice.png'), slicePng());
  infNet = await writeTinyModel(join(root, 'inf-net.safetensors'));
  await copyFile(infNet, join(classes, 'prior.safetensors'));
  const sha256 = createHash('sha256')
    .update(await readFile(infNet))
    .digest('hex');
  await writeClassifier(join(classes, 'model.safetensors'), {
    kind: 'model',
    name: 'inf-net.safetensors',
    sha256,
  });
  return () => rm(root, { recursive: true, force: true });
});

describe('segment --multi-class', () => {
  it('labels slices and volumes, measures each class, and needs nothing but the model', async () => {
    const out = join(root, 'out');
    const model = join(classes, 'model.safetensors');
    const { code, events, stderr } = await infnet([
      'segment',
      inputs,
      '-o',
      out,
      '--multi-class',
      model,
      '--save-probability',
      '-b',
      'wasm',
    ]);
    expect(stderr).not.toMatch(/error/);
    expect(code).toBe(0);
    expect(
      only(events, 'note')
        .map(({ message }) => message)
        .join('\n'),
    ).toContain('1 ground-glass, 2 consolidation');
    expect(
      only(events, 'warning')
        .map(({ message }) => message)
        .join('\n'),
    ).not.toMatch(/guided|phantoms/);

    const report = await reportOf(out);
    expect(report.multiClass).toMatchObject({ classes: ['ground-glass', 'consolidation'], size: 32 });
    expect(report.multiClass.path).toBeUndefined();
    const [scan, slice] = [
      report.results.find(({ input }) => input.includes('scan'))!,
      report.results.find(({ input }) => input.includes('slice'))!,
    ];

    const ct = await readImage(join(inputs, 'scan.nii.gz'));
    const volume = await readImage(join(out, scan.outputs.labels!));
    expect([...volume.affine]).toEqual([...ct.affine]);
    const picture = await readLabelImage(join(out, slice.outputs.labels!));
    expect(new Set(picture.data).size).toBeGreaterThan(1);
    for (const [result, labels] of [
      [scan, volume.voxels],
      [slice, picture.data],
    ] as const) {
      expect(result.classes!.map(({ label, name }) => `${label} ${name}`)).toEqual([
        '1 ground-glass',
        '2 consolidation',
      ]);
      for (const { label, quantities } of result.classes!) {
        expect(quantities.voxels).toBe(
          [...labels].reduce((count, value) => count + (value === label ? 1 : 0), 0),
        );
      }
    }
    expect(scan.classes![0]!.quantities.volumeMl).toBeGreaterThanOrEqual(0);
    const line = only(events, 'case').find(({ input }) => input.includes('scan'))!.finding;
    expect(line).toMatch(/\(ground-glass [\d.]+ m?l, consolidation [\d.]+ m?l\)$/);
    const page = await readFile(join(out, 'report.html'), 'utf8');
    expect(page).toContain('Classes');
    expect(page).toContain('1 ground-glass');

    // The label is the most probable class, and the background where that is more probable than either.
    const [glass, dense] = await Promise.all(
      Object.values(slice.outputs.classProbabilities!).map((path) => readGreyImage(join(out, path))),
    );
    for (const [i, label] of picture.data.entries()) {
      const [a, b] = [glass!.data[i]!, dense!.data[i]!];
      const rest = 255 - a - b;
      const chosen = [rest, a, b][label]!;
      expect(chosen).toBeGreaterThanOrEqual(Math.max(rest, a, b) - 2); // each is rounded to 8 bits
    }

    const scores = await infnet([
      'evaluate',
      '--pred',
      join(out, 'labels'),
      '--gt',
      join(out, 'labels'),
      '--labels',
      '1=ground-glass,2=consolidation',
    ]);
    expect(scores.code).toBe(0);
    expect(only(scores.events, 'scores').map(({ label }) => label)).toEqual([
      'ground-glass',
      'consolidation',
    ]);
  });

  it('says so when another Inf-Net guides, and keeps results of the same models only', async () => {
    const out = join(root, 'other');
    const other = await writeTinyModel(join(root, 'other.safetensors'), 9);
    const args = ['segment', join(inputs, 'slice.png'), '-o', out, '-m', other, '-b', 'wasm'];
    const plain = await infnet(args);
    expect(plain.code).toBe(0);
    const labelled = await infnet([
      ...args,
      '--continue',
      '--multi-class',
      join(classes, 'model.safetensors'),
    ]);
    expect(only(labelled.events, 'skipped')).toHaveLength(0);
    expect(
      only(labelled.events, 'warning')
        .map(({ message }) => message)
        .join('\n'),
    ).toMatch(
      /trained with the infection maps of inf-net\.safetensors, and is guided by those of other\.safetensors/,
    );
    const again = await infnet([...args, '--continue', '--multi-class', join(classes, 'model.safetensors')]);
    expect(only(again.events, 'skipped')).toHaveLength(1);
  });

  it.each([
    ['a model without the Inf-Net that guides it', 'alone.safetensors', 'prior-model-missing'],
    ['an Inf-Net in its place', 'inf-net.safetensors', 'model-not-usable'],
    ['a file that is not there', 'nowhere.safetensors', 'model-not-readable'],
  ])('%s: exit code 2', async (_, file, code) => {
    await writeClassifier(join(root, 'alone.safetensors'), { kind: 'true-masks' });
    const finished = await infnet([
      'segment',
      join(inputs, 'slice.png'),
      '-o',
      join(root, code),
      '--multi-class',
      join(root, file),
      '-b',
      'wasm',
    ]);
    expect(finished.code).toBe(2);
    expect(only(finished.events, 'failure')).toMatchObject([{ code }]);
  });
});

/** Of dicom3tools, where it is installed. */
const VERIFIER = 'dciodvfy';
const hasVerifier = spawnSync(VERIFIER, []).error === undefined;

describe('segment --multi-class --dicom', () => {
  const verdict = hasVerifier ? 'dciodvfy finds no error' : 'dciodvfy is not on this machine, so not by it';

  it(`writes a segment and figures for each class, beside the infection; ${verdict}`, async () => {
    const series = join(root, 'series');
    const out = join(root, 'out-dicom');
    await writeSeries(series);
    const model = join(classes, 'model.safetensors');
    const options = ['--multi-class', model, '--dicom', '-b', 'wasm'];
    const { code, stderr } = await infnet(['segment', series, '-o', out, ...options]);
    expect(stderr).not.toMatch(/error/);
    expect(code).toBe(0);
    const [result] = (await reportOf(out)).results;
    const { outputs } = result!;
    const { segmentation, measurements } = outputs.classDicom!;
    const labels = await readImage(join(out, outputs.labels!));
    const seg = await readImage(join(out, segmentation));
    const counts = (voxels: ArrayLike<number>): number[] =>
      [1, 2].map((label) => Array.from(voxels).filter((value) => value === label).length);
    expect(counts(seg.voxels)).toEqual(counts(labels.voxels));
    expect(counts(seg.voxels).every((count) => count > 0)).toBe(true);
    const bytes = await readFile(join(out, segmentation), 'latin1');
    for (const term of ['Ground-glass opacity', '112120', 'Consolidation', '95436008']) {
      expect(bytes).toContain(term);
    }
    const report = await readFile(join(out, measurements), 'latin1');
    for (const { quantities } of result!.classes!) {
      expect(report).toContain(String(Number(quantities.volumeMl!.toPrecision(12))));
    }
    expect(await readFile(join(out, 'report.html'), 'utf8')).toContain(segmentation);
    if (!hasVerifier) return;
    for (const path of [outputs.segmentation!, outputs.measurements!, segmentation, measurements]) {
      const { stderr: found } = spawnSync(VERIFIER, [join(out, path)], { encoding: 'utf8' });
      expect(found, path).toMatch(/Segmentation|ComprehensiveSR/);
      expect(found, path).not.toMatch(/^Error/m);
    }
  });
});
