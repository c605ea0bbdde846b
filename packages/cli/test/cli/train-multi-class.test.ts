import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { squarePng, writeTinyModel, writeTrainingFolder } from '../fixtures.js';
import { infnet, only, temporaryFolder } from '../infnet.js';

let root: string;
let data: string;
let infNet: string;
const SMALL = [
  '--task',
  'multi-class',
  '--width',
  '0.0625',
  '--size',
  '32',
  '--batch',
  '2',
  '--seed',
  '4',
  '-b',
  'wasm',
];

beforeAll(async () => {
  root = await temporaryFolder();
  data = join(root, 'data');
  // The grey values of the authors' files.
  await writeTrainingFolder(data, 5, { upper: 38, lower: 75 });
  infNet = await writeTinyModel(join(root, 'inf-net.safetensors'));
  return () => rm(root, { recursive: true, force: true });
});

describe('train --task multi-class', () => {
  it('trains on maps of an Inf-Net, goes on where it was stopped, and keeps what the model needs', async () => {
    const args = [...SMALL, '--epochs', '4', '--no-validation', '--prior-model', infNet];
    const [whole, parts] = [join(root, 'whole'), join(root, 'parts')];
    const { code, stderr, events } = await infnet(['train', data, '-o', whole, ...args]);
    expect(stderr).not.toMatch(/error/);
    expect(code).toBe(0);
    expect(only(events, 'step')).toHaveLength(12);
    expect((await infnet(['train', data, '-o', parts, ...args], { interruptAt: 'epoch' })).code).toBe(130);
    expect((await infnet(['train', data, '-o', parts, ...args, '--resume'])).code).toBe(0);
    for (const file of ['model.safetensors', 'prior.safetensors']) {
      expect(await readFile(join(parts, file)), file).toEqual(await readFile(join(whole, file)));
    }
    expect(await readFile(join(whole, 'prior.safetensors'))).toEqual(await readFile(infNet));
    const { stdout } = await infnet(['info', join(whole, 'model.safetensors'), '--json']);
    expect(stdout).toContain('ground-glass');
  });

  it('tells of each class in validation, and takes names and maps from where it is told', async () => {
    const own = join(root, 'own');
    await writeTrainingFolder(own, 5, { upper: 1, lower: 2 });
    await writeTrainingFolder(join(own, 'maps'), 5);
    const { code, events } = await infnet([
      'train',
      own,
      '-o',
      join(root, 'own-run'),
      ...SMALL,
      '--epochs',
      '1',
      '--prior-dir',
      join(own, 'maps', 'GT'),
      '--classes',
      'upper, lower',
      '--network',
      'unet',
    ]);
    expect(code).toBe(0);
    const [validation] = only(events, 'validation');
    expect(Object.keys(validation!.classes!)).toEqual(['upper', 'lower']);
  });

  it('names a label map that is none, and goes on', async () => {
    const mixed = join(root, 'mixed');
    await writeTrainingFolder(mixed, 3, { upper: 1, lower: 2 });
    await writeFile(join(mixed, 'GT', 'slice-0.png'), squarePng(48, 48, 20).with(0, 137));
    await writeFile(join(mixed, 'GT', 'slice-1.png'), await readFile(join(mixed, 'Imgs', 'slice-1.png')));
    const { code, events } = await infnet([
      'train',
      mixed,
      '-o',
      join(root, 'mixed-run'),
      ...SMALL,
      '--epochs',
      '1',
      '--no-validation',
      '--prior',
      'true-masks',
    ]);
    expect(code).toBe(1);
    expect(only(events, 'failure').map((failure) => failure.code)).toContain('label-values');
    expect(only(events, 'epoch')).toHaveLength(1);
  });

  it.each([
    ['nothing said of the maps', [], /--prior-model/],
    ['two origins of maps', ['--prior', 'none', '--prior-dir', 'x'], /cannot be used with/],
    ['with --semi', ['--semi', 'x', '--prior', 'none'], /two trainings/],
    [
      'with a loss of the infection map',
      ['--boundary-loss', '1', '--prior', 'none'],
      /--boundary-loss means/,
    ],
    ['class names twice', ['--classes', 'a,a', '--prior', 'none'], /no class names/],
  ])('%s: exit code 2', async (_, extra, message) => {
    const { code, stdout, stderr } = await infnet([
      'train',
      data,
      '-o',
      join(root, 'no'),
      ...SMALL,
      ...extra,
    ]);
    expect(code).toBe(2);
    expect(stdout + stderr).toMatch(message);
  });

  it('refuses its options for the other task', async () => {
    const { code, stdout, stderr } = await infnet(['train', data, '-o', join(root, 'no'), '--prior', 'none']);
    expect(code).toBe(2);
    expect(stdout + stderr).toMatch(/needs --task multi-class/);
  });
});
