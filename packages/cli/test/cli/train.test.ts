import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { flatPng, slicePng, squarePng, writeTinyModel, writeTrainingFolder } from '../fixtures.js';
import { infnet, only, temporaryFolder } from '../infnet.js';

let root: string;
let data: string;
const SMALL = ['--width', '0.125', '--size', '32', '--batch', '2', '--seed', '4', '-b', 'wasm'];

beforeAll(async () => {
  root = await temporaryFolder();
  data = join(root, 'data');
  await writeTrainingFolder(data, 5);
  return () => rm(root, { recursive: true, force: true });
});

describe('train', () => {
  it('trains, tells of loss and validation, and leaves a model that segment takes', async () => {
    const run = join(root, 'run');
    const { code, events, stderr, stdout } = await infnet([
      'train',
      data,
      '-o',
      run,
      ...SMALL,
      '--epochs',
      '2',
    ]);
    expect(stderr).not.toMatch(/error/);
    expect(code).toBe(0);
    expect(`${stdout}${stderr}`).not.toMatch(/Hi, looks like/);
    const steps = only(events, 'step');
    expect(steps.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    expect(steps.every(({ loss, secondsLeft }) => loss > 0 && secondsLeft >= 0)).toBe(true);
    expect(only(events, 'epoch')).toHaveLength(2);
    expect(only(events, 'validation')).toHaveLength(2);
    const image = join(root, 'image.png');
    await writeFile(image, slicePng());
    const segmented = await infnet([
      'segment',
      image,
      '-o',
      join(root, 'out'),
      '-m',
      join(run, 'model.safetensors'),
    ]);
    expect(segmented.code).toBe(0);
    const report = JSON.parse(await readFile(join(root, 'out', 'report.json'), 'utf8')) as {
      options: { size: number };
    };
    expect(report.options.size).toBe(32);
  });

  it('divides the slices among workers, which start from the loss of one thread', async () => {
    const train = async (workers: string): Promise<number[]> => {
      const run = join(root, `workers-${workers}`);
      const args = [...SMALL, '--epochs', '2', '--workers', workers];
      const { code, events, stderr } = await infnet(['train', data, '-o', run, ...args]);
      expect(stderr).not.toMatch(/error/);
      expect(code).toBe(0);
      expect((await readFile(join(run, 'model.safetensors'))).length).toBeGreaterThan(1000);
      return only(events, 'step').map(({ loss }) => loss);
    };
    const [one, two] = [await train('1'), await train('2')];
    expect(two).toHaveLength(4);
    expect(two[0]! / one[0]!).toBeCloseTo(1, 3);
  });

  it.each([
    ['on another backend', ['-b', 'cpu', '--workers', '2'], 'usage', /--workers is for the backend wasm/],
    ['more than slices in a step', ['--workers', '3'], 'invalid-option', /3 workers, and 2 slices/],
  ])('refuses workers: %s', async (_, extra, what, message) => {
    const args = ['train', data, '-o', join(root, 'never'), ...SMALL, ...extra];
    const { code, events } = await infnet(args);
    expect(code).toBe(2);
    expect(only(events, 'failure').at(-1)).toMatchObject({ code: what });
    expect(only(events, 'failure').at(-1)?.message).toMatch(message);
  });

  it('stopped by Ctrl-C it says how to go on, and goes on to the same weights', async () => {
    const args = [...SMALL, '--epochs', '6', '--no-validation'];
    const [whole, parts] = [join(root, 'whole'), join(root, 'parts')];
    expect((await infnet(['train', data, '-o', whole, ...args])).code).toBe(0);
    const stopped = await infnet(['train', data, '-o', parts, ...args], { interruptAt: 'epoch' });
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain('--resume');
    const refused = await infnet(['train', data, '-o', parts, ...args]);
    expect(refused.code).toBe(2);
    expect(only(refused.events, 'failure')).toMatchObject([{ code: 'run-exists' }]);
    const resumed = await infnet(['train', data, '-o', parts, ...args, '--resume']);
    expect(resumed.code).toBe(0);
    expect(only(resumed.events, 'step')[0]!.step).toBeGreaterThan(1);
    const file = 'model.safetensors';
    expect(await readFile(join(parts, file))).toEqual(await readFile(join(whole, file)));
  });

  it('names bad files, trains on the others, and gives exit code 1', async () => {
    const mixed = join(root, 'mixed');
    await writeTrainingFolder(mixed, 4);
    await writeFile(join(mixed, 'Imgs', 'text.png'), 'text');
    await writeFile(join(mixed, 'GT', 'text.png'), squarePng(48, 48, 10));
    await writeFile(join(mixed, 'Imgs', 'alone.png'), slicePng());
    await writeFile(join(mixed, 'GT', 'slice-0.png'), squarePng(20, 20, 5));
    await writeFile(join(mixed, 'GT', 'slice-1.png'), flatPng(0, 48, 48));
    const { code, events } = await infnet([
      'train',
      mixed,
      '-o',
      join(root, 'mixed-run'),
      ...SMALL,
      '--epochs',
      '1',
      '--no-validation',
    ]);
    expect(code).toBe(1);
    const failures = only(events, 'failure')
      .map(({ code: what, message }) => `${what}: ${message}`)
      .join('\n');
    expect(failures).toMatch(/unreadable-file: .*text\.png/);
    expect(failures).toMatch(/missing-mask: .*alone\.png/);
    expect(failures).toMatch(/size-mismatch: .*slice-0/);
    expect(
      only(events, 'warning')
        .map(({ message }) => message)
        .join('\n'),
    ).toMatch(/slice-1 has no foreground/);
    expect(only(events, 'epoch')).toHaveLength(1);
  });

  it.each([
    ['a folder that is not there', 'missing', [], 'not-a-folder'],
    ['a folder without Imgs', '.', [], 'folder-not-readable'],
    ['a model that is not there', 'data', ['--init', 'no.safetensors'], 'model-not-readable'],
    ['an unknown backend', 'data', ['-b', 'gpu'], 'unknown-backend'],
    [
      'validation both from a folder and as a share',
      'data',
      ['--val-dir', 'x', '--val-fraction', '0.2'],
      'usage',
    ],
  ])('%s: exit code 2', async (_, folder, extra, what) => {
    const { code, events } = await infnet([
      'train',
      join(root, folder),
      '-o',
      join(root, 'never'),
      ...SMALL.slice(0, -2),
      ...extra,
    ]);
    expect(code).toBe(2);
    expect(only(events, 'failure').at(-1)?.code).toBe(what);
  });

  it('does not change the width of a given model', async () => {
    const init = await writeTinyModel(join(root, 'init.safetensors'));
    const { code, stderr } = await infnet([
      'train',
      data,
      '-o',
      join(root, 'never'),
      '--init',
      init,
      '--width',
      '1',
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain('--width');
  });
});
