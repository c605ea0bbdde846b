import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPhantom, displayFrame, encodePng, readImage, takeSlice, toSlices } from '@infnet/io-medical';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeSeries } from '../ct-slice.js';
import { writePhantom, writeTinyModel } from '../fixtures.js';
import { infnet, only, temporaryFolder } from '../infnet.js';

let root: string;
let model: string;
let scan: string;
let dataFolder: string;
let gate: string;
let trained: Awaited<ReturnType<typeof infnet>>;

beforeAll(async () => {
  root = await temporaryFolder();
  model = await writeTinyModel(join(root, 'tiny.safetensors'));
  scan = join(root, 'scan.nii.gz');
  await writePhantom(scan);
  dataFolder = join(root, 'data');
  for (const folder of ['Imgs', 'GT']) await mkdir(join(dataFolder, folder), { recursive: true });
  await writeSlices('ill', true);
  await writeSlices('well', false);
  const run = join(root, 'gate');
  trained = await infnet([
    'train-gate',
    dataFolder,
    '-o',
    run,
    '-m',
    model,
    '-e',
    '4',
    '--copies',
    '1',
    '-b',
    'wasm',
  ]);
  gate = join(run, 'model.safetensors');
  return () => rm(root, { recursive: true, force: true });
});

/** The middle slices of a patient, infected or healthy, with their masks. */
async function writeSlices(name: string, infected: boolean): Promise<void> {
  const { volume, infection } = createPhantom({ seed: 5, dims: [48, 48, 24], infection: infected });
  const frame = displayFrame(volume);
  for (const slice of toSlices(volume)) {
    if (slice.index < 8 || slice.index > 15) continue;
    const data = takeSlice(infection, frame, slice.index).map((value) => 255 * value);
    expect(data.some(Boolean)).toBe(infected);
    const file = `${name}-${slice.index}.png`;
    await writeFile(join(dataFolder, 'Imgs', file), encodePng(slice));
    await writeFile(join(dataFolder, 'GT', file), encodePng({ ...slice, data }));
  }
}

interface Result {
  readonly outputs: { readonly mask: string; readonly probability: string };
  readonly quantities: { readonly voxels: number };
  readonly gate?: { threshold: number; infected: number[]; healthySlices: number[] };
}

async function segment(
  out: string,
  extra: readonly string[],
): Promise<{ result: Result; html: string; mask: number[]; probability: number[] }> {
  const folder = join(root, out);
  const args = ['segment', scan, '-o', folder, '-m', model, '-b', 'wasm', '-t', '0.3', '--save-probability'];
  const { code, stderr } = await infnet([...args, ...extra]);
  expect(stderr).not.toMatch(/error/);
  expect(code).toBe(0);
  const report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as { results: [Result] };
  const [result] = report.results;
  const voxels = async (path: string): Promise<number[]> => [...(await readImage(join(folder, path))).voxels];
  return {
    result,
    html: await readFile(join(folder, 'report.html'), 'utf8'),
    mask: await voxels(result.outputs.mask),
    probability: await voxels(result.outputs.probability),
  };
}

describe('train-gate', () => {
  it('trains a gate for a model, says how well it tells slices, and how to use it', async () => {
    expect(trained.stderr).not.toMatch(/error/);
    expect(trained.code).toBe(0);
    const notes = only(trained.events, 'note').map(({ message }) => message);
    expect(notes.join()).toMatch(/of the infected ones/);
    expect(notes.join()).toContain(`--model ${model} --gate ${gate}`);
    expect(only(trained.events, 'step').length).toBeGreaterThan(0);
    const again = await infnet([
      'train-gate',
      dataFolder,
      '-o',
      join(root, 'gate'),
      '-m',
      model,
      '-b',
      'wasm',
    ]);
    expect(again.code).toBe(2);
    expect(only(again.events, 'failure')).toMatchObject([{ code: 'run-exists' }]);
  });

  it('refuses slices of one kind', async () => {
    const ill = join(root, 'ill');
    for (const folder of ['Imgs', 'GT']) {
      await mkdir(join(ill, folder), { recursive: true });
      for (const file of ['ill-8.png', 'ill-9.png', 'ill-10.png']) {
        await copyFile(join(dataFolder, folder, file), join(ill, folder, file));
      }
    }
    const { code, events } = await infnet(['train-gate', ill, '-o', join(root, 'never'), '-m', model]);
    expect(code).toBe(2);
    expect(only(events, 'failure')).toMatchObject([{ code: 'no-samples' }]);
  });
});

describe('info', () => {
  it('describes a gate: what it takes, and the encoder that it is for', async () => {
    const { code, stdout } = await infnet(['info', gate, '--json']);
    expect(code).toBe(0);
    const described = JSON.parse(stdout) as { options: { inputs: number }; parameters: number };
    expect(described).toMatchObject({
      network: 'slice-gate',
      options: { hidden: 32, encoder: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
      multiplyAdds: 32 * described.options.inputs + 32,
    });
    // Weights without bias, scale and offset of the norm, weights and bias of the answer.
    expect(described.parameters).toBe(32 * described.options.inputs + 2 * 32 + 33);
  });
});

describe('segment --gate', () => {
  it('empties the masks of healthy slices, says which, and keeps the probabilities', async () => {
    const plain = await segment('plain', []);
    expect(plain.result).not.toHaveProperty('gate');
    expect(plain.result.quantities.voxels).toBeGreaterThan(0);
    const all = await segment('all', ['--gate', gate, '--gate-threshold', '0.999999']);
    expect(all.result.gate?.healthySlices).toEqual([1, 2, 3, 4, 5, 6]);
    expect(all.result.quantities.voxels).toBe(0);
    expect(new Set(all.mask)).toEqual(new Set([0]));
    expect(all.probability).toEqual(plain.probability);
    expect(all.html).toContain('6 of 6 slices called healthy');
    const none = await segment('none', ['--gate', gate, '--gate-threshold', '0.000001']);
    expect(none.result.gate?.healthySlices).toEqual([]);
    expect(none.mask).toEqual(plain.mask);
    // Between two of the gate's answers: some slices are emptied, and no other one.
    const sorted = none.result.gate!.infected.toSorted((a, b) => a - b);
    const middle = String((sorted[2]! + sorted[3]!) / 2);
    const some = await segment('some', ['--gate', gate, '--gate-threshold', middle]);
    const size = plain.mask.length / 6;
    const healthy = some.result.gate!.healthySlices;
    expect(healthy).toHaveLength(3);
    const expected = plain.mask.map((value, i) => (healthy.includes(Math.floor(i / size) + 1) ? 0 : value));
    expect(some.mask).toEqual(expected);
  });

  it('with --dicom writes an empty segment, and says in the report what emptied it', async () => {
    const series = join(root, 'series');
    const out = join(root, 'dicom');
    await writeSeries(series);
    const options = ['--gate', gate, '--gate-threshold', '0.999999', '--dicom', '-b', 'wasm'];
    const { code, stderr } = await infnet(['segment', series, '-o', out, '-m', model, ...options]);
    expect(stderr).not.toMatch(/error/);
    expect(code).toBe(0);
    const segmentation = await readImage(join(out, 'dicom', 'series.seg.dcm'));
    expect(new Set(segmentation.voxels)).toEqual(new Set([0]));
    const report = await readFile(join(out, 'dicom', 'series.sr.dcm'), 'latin1');
    expect(report).toContain('2 of 2 slices left empty by a slice gate');
  });

  it('refuses the gate of another model, what is no gate, and a threshold without a gate', async () => {
    const args = ['segment', scan, '-o', join(root, 'no'), '-b', 'wasm'];
    for (const [extra, code] of [
      [['--gate', gate], 'gate-mismatch'],
      [['--gate', model, '-m', model], 'gate-not-usable'],
      [['--gate-threshold', '0.4'], 'usage'],
      [['--gate', gate, '--multi-class', model], 'usage'],
    ] as const) {
      const { code: exitCode, events } = await infnet([...args, ...extra]);
      expect(exitCode, code).toBe(2);
      expect(only(events, 'failure')).toMatchObject([{ code }]);
    }
  });
});
