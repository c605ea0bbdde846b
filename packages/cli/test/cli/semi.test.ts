import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
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

  it('labels every slice once where asked, and shows teacher, labels and student in the report', async () => {
    const run = join(root, 'one-shot');
    const args = ['train', data, '--semi', unlabelled, '-o', run, ...SMALL];
    args.push('--epochs', '2', '--method', 'one-shot', '--student-epochs', '1');
    const stopped = await infnet(args, { interruptAt: 'epoch' });
    expect(stopped.code).toBe(130);
    const { code, events, stderr } = await infnet([...args, '--resume']);
    expect(stderr).not.toMatch(/error/);
    expect(code).toBe(0);
    const stages = only(events, 'stage').map(({ stage }) => stage);
    expect(stages).toEqual(['supervised', 'labelling', 'student']);
    expect(only(events, 'epoch').at(-1)).toMatchObject({ epoch: 1, epochs: 1 });
    expect(await readdir(join(run, 'labelling', 'labels', 'GT'))).toHaveLength(4);
    expect(await readFile(join(run, 'MODEL_CARD.md'), 'utf8')).toContain('"method":"one-shot"');

    expect((await infnet(['report', run])).code).toBe(0);
    const html = await readFile(join(run, 'report.html'), 'utf8');
    expect(html).toContain('3 of 3 parts finished');
    expect(html).toContain('Pseudo labels, made once');
    expect(html).not.toMatch(/slice-\d/);
    const alone = await infnet(['report', join(run, 'labelling')]);
    expect(alone.code).toBe(0);
  });

  it('trains by a mean teacher in one run, with a boundary loss; card and report name no slice', async () => {
    const run = join(root, 'teacher');
    const args = ['train', data, '--semi', unlabelled, '-o', run, ...SMALL, '--epochs', '3'];
    args.push(
      '--method',
      'mean-teacher',
      '--ratio',
      '2',
      '--confidence',
      'weighted',
      '--boundary-loss',
      '0.01',
    );
    const stopped = await infnet(args, { interruptAt: 'epoch' });
    expect(stopped.code).toBe(130);
    const { code, events, stderr } = await infnet([...args, '--resume']);
    expect(stderr).not.toMatch(/error/);
    expect(code).toBe(0);
    expect(only(events, 'epoch').at(-1)).toMatchObject({ epoch: 3, epochs: 3 });
    const { recipe, task, unlabelled: slices } = JSON.parse(await readFile(join(run, 'config.json'), 'utf8'));
    expect(recipe).toMatchObject({ boundaryLoss: 0.01, averageDecay: 0.99 });
    expect(task).toMatchObject({
      ratio: 2,
      objective: { name: 'mean-teacher', confidence: 'weighted', boundaryWeight: 0.01 },
    });
    expect(Object.keys(slices)).toHaveLength(4);
    const card = await readFile(join(run, 'MODEL_CARD.md'), 'utf8');
    expect(card).toContain('"name":"mean-teacher"');
    expect(card).toContain('- without labels: 4 slices, SHA-256 ');
    expect((await infnet(['report', run])).code).toBe(0);
    const html = await readFile(join(run, 'report.html'), 'utf8');
    expect(html).toContain('mean-teacher');
    for (const text of [card, html]) expect(text).not.toMatch(/slice-\d/);

    const other = await infnet(['train', data, '--semi', unlabelled, '-o', run, ...SMALL, '--resume']);
    expect(only(other.events, 'failure')).toMatchObject([{ code: 'run-mismatch' }]);
  });

  it('refuses options of one method with another, and a folder that another began', async () => {
    const args = ['train', data, '--semi', unlabelled, '-o', join(root, 'z'), ...SMALL];
    for (const [method, flag, value] of [
      ['one-shot', '--group-size', '2'],
      ['one-shot', '--pre-train-epochs', '2'],
      ['algorithm-1', '--student-epochs', '2'],
      ['mean-teacher', '--pseudo-weights', 'certainty'],
      ['one-shot', '--ratio', '2'],
    ] as const) {
      const { code, stderr } = await infnet([...args, '--method', method, flag, value]);
      expect(code).toBe(2);
      expect(stderr).toContain(`${flag} means nothing to --method ${method}`);
    }
    const lone = await infnet(['train', data, '-o', join(root, 'z'), '--method', 'one-shot']);
    expect(lone.stderr).toContain('--method needs --semi');
    await mkdir(join(root, 'z', 'propagation'), { recursive: true });
    const other = await infnet([...args, '--method', 'one-shot', '--resume']);
    expect(only(other.events, 'failure')).toMatchObject([{ code: 'run-mismatch' }]);
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
