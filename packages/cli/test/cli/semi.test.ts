import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeTrainingFolder } from '../fixtures.js';
import { infnet, only, temporaryFolder } from '../infnet.js';

let root: string;
let data: string;
let unlabelled: string;
const SMALL = ['--width', '0.125', '--size', '32', '--batch', '2', '--seed', '4', '-b', 'wasm'];
const SHORT = ['--epochs', '1', '--round-epochs', '1', '--group-size', '2'];

beforeAll(async () => {
  root = await temporaryFolder();
  data = join(root, 'data');
  unlabelled = join(root, 'unlabelled');
  await writeTrainingFolder(data, 5);
  await writeTrainingFolder(unlabelled, 4);
  await rm(join(unlabelled, 'GT'), { recursive: true });
  return () => rm(root, { recursive: true, force: true });
});

/** Arguments of a training with both folders, as short as it can be. */
const trainSemi = (run: string): string[] => [
  'train',
  data,
  '--semi',
  unlabelled,
  '-o',
  run,
  ...SMALL,
  ...SHORT,
  '--pre-train-epochs',
  '1',
];

describe('train --semi', { timeout: 300_000 }, () => {
  it('goes from labelled and unlabelled folders to a model in one command', async () => {
    const run = join(root, 'run');
    const args = trainSemi(run);
    const { code, events, stderr } = await infnet(args);
    expect(stderr).not.toMatch(/error/);
    expect(code).toBe(0);
    expect(only(events, 'stage').map(({ stage }) => stage)).toEqual([
      'supervised',
      'propagation',
      'pre-train',
      'fine-tune',
    ]);
    expect(only(events, 'round').map(({ left }) => left)).toEqual([2, 0]);
    const names = await readdir(join(unlabelled, 'Imgs'));
    for (const part of ['Imgs', 'GT', 'Edge']) {
      expect((await readdir(join(run, 'propagation', 'labels', part))).toSorted()).toEqual(names.toSorted());
    }
    expect(await readFile(join(run, 'model.safetensors'))).toEqual(
      await readFile(join(run, 'fine-tune', 'model.safetensors')),
    );
    const again = await infnet(args);
    expect(again.code).toBe(2);
    expect(only(again.events, 'failure')).toMatchObject([{ code: 'run-exists' }]);
  });

  it('stopped by Ctrl-C in a round it says how to go on, and goes on', async () => {
    const run = join(root, 'stopped');
    const args = trainSemi(run);
    const stopped = await infnet(args, { interruptAt: 'round' });
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain('--resume');
    const { code, events } = await infnet([...args, '--resume']);
    expect(code).toBe(0);
    expect(only(events, 'round').map(({ round }) => round)).toEqual([2]);
  });

  it('refuses options of Algorithm 1 without unlabelled slices, and a folder that is none', async () => {
    const lone = await infnet(['train', data, '-o', join(root, 'x'), '--group-size', '3']);
    expect(lone.code).toBe(2);
    expect(lone.stderr).toContain('--group-size needs --semi');
    const none = await infnet(['train', data, '-o', join(root, 'y'), '--semi', join(root, 'nowhere')]);
    expect(none.code).toBe(2);
    expect(only(none.events, 'failure')).toMatchObject([{ code: 'not-a-folder' }]);
  });
});

describe('pseudo-label', { timeout: 300_000 }, () => {
  it('trains on the labelled slices, then labels the others', async () => {
    const run = join(root, 'labels');
    const { code, events } = await infnet([
      'pseudo-label',
      '--labelled',
      data,
      '--unlabelled',
      unlabelled,
      '-o',
      run,
      ...SMALL,
      ...SHORT,
      '--labels',
      'binary',
    ]);
    expect(code).toBe(0);
    expect(only(events, 'written').map(({ what }) => what)).toContain('pseudo labels');
    expect(await readdir(join(run, 'propagation', 'labels', 'GT'))).toHaveLength(4);
  });
});
