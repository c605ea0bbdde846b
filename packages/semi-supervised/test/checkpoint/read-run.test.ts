import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { readSafetensorsFile } from '@infnet/core-model';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  generatePseudoLabels,
  propagationRecipe,
  readRun,
  trainSupervised,
  type GreyImage,
  type PropagationRecord,
  type TrainingRecord,
} from '../../src/index.js';
import { io, withoutMasks, writeImages } from '../pgm-io.js';
import { PixelModel } from '../pixel-model.js';
import { discs, tinyModel, tinyRecipe } from '../tiny.js';

let folder = '';
beforeAll(async () => {
  expect(await tf.setBackend('wasm')).toBe(true);
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'infnet-read-run-'));
});
afterEach(() => rm(folder, { recursive: true }));

const recipe = tinyRecipe({ epochs: 4, augment: 'flip' });

async function train(options: { stopAt?: number; run?: string } = {}): Promise<void> {
  const controller = new AbortController();
  const model = tinyModel();
  try {
    await trainSupervised({
      model,
      data: discs(9),
      recipe,
      validation: { fraction: 0.6 },
      validateEvery: 2,
      runFolder: join(folder, options.run ?? 'run'),
      resume: true,
      encodeGrey: (image) => io.encodeGrey(image),
      signal: controller.signal,
      onProgress: (event) => {
        if (event.type === 'step' && event.step === options.stopAt) controller.abort(new Error('enough'));
      },
    });
  } finally {
    model.dispose();
  }
}

describe('the run folder of a training', () => {
  it('is told as curve, pictures and facts', async () => {
    await train();
    const record = (await readRun(join(folder, 'run'))) as TrainingRecord;
    expect(record.config.recipe).toEqual(recipe);
    expect(record.curve.map(({ epoch, step }) => [epoch, step])).toEqual([
      [1, 2],
      [2, 4],
      [3, 6],
      [4, 8],
    ]);
    expect(
      record.curve.every(
        ({ loss, gradientNorm, learningRate }) => Math.min(loss, gradientNorm) > 0 && learningRate >= 0,
      ),
    ).toBe(true);
    expect(record.curve.map(({ validation }) => validation && Object.keys(validation))).toEqual([
      undefined,
      ['meanDice', 'dice', 'softDice', 'falseArea'],
      undefined,
      ['meanDice', 'dice', 'softDice', 'falseArea'],
    ]);
    expect(record.events).toMatchObject({ end: 'completed', step: 8, totalSteps: 8, warnings: {} });
    expect(record.strips.map(({ epoch }) => epoch)).toEqual([-1, 0, 2, 4]);
    const [masks, slices, early, late] = await Promise.all(
      record.strips.map(({ path }) => io.readGrey(path)),
    );
    for (const strip of [masks, slices, early, late] as GreyImage[])
      expect([strip.width, strip.height]).toEqual([256, 64]);
    expect(masks!.data.some((value) => value === 255)).toBe(true);
    expect(Buffer.from(late!.data).equals(Buffer.from(early!.data))).toBe(false);
  });

  it('holds a curve as a table and a model card, also in the model file, and no name of a slice in either', async () => {
    await train();
    const [csv, card, bytes] = await Promise.all(
      ['curves.csv', 'MODEL_CARD.md', 'model.safetensors'].map((name) => readFile(join(folder, 'run', name))),
    );
    const lines = csv!.toString().trimEnd().split('\n');
    expect(lines[0]).toBe('epoch,step,loss,gradientNorm,learningRate,meanDice,dice,softDice,falseArea');
    expect(lines).toHaveLength(5);
    expect(lines[1]).toMatch(/^1,2,[\d.]+,[\d.]+,[\d.e-]+,,,,$/);
    const text = card!.toString();
    const facts = JSON.parse(readSafetensorsFile(bytes!).metadata['infnet.card']!) as {
      training: { slices: number; sha256: string };
      scores: Record<string, number>;
      best: { meanDice: number };
    };
    expect(facts.training.slices).toBe(4);
    for (const part of [
      facts.training.sha256,
      `meanDice | ${facts.scores['meanDice']!.toFixed(3)}`,
      'Not a medical device',
      'inherits the terms of the data',
      `Best mean Dice in validation: ${facts.best.meanDice.toFixed(3)}`,
      'seed 0',
    ]) {
      expect(text).toContain(part);
    }
    expect(text + JSON.stringify(facts)).not.toMatch(/disc-|\/tmp|infnet-read-run/);
  });

  it('is told while it goes on, and ends with the same files no matter how often it was stopped', async () => {
    await train({ run: 'whole' });
    await expect(train({ stopAt: 3 })).rejects.toThrow('enough');
    const half = (await readRun(join(folder, 'run'))) as TrainingRecord;
    expect(half.events).toMatchObject({ end: 'aborted', step: 3, totalSteps: 8 });
    expect(half.curve).toHaveLength(1);
    await train();
    const record = (await readRun(join(folder, 'run'))) as TrainingRecord;
    expect(record.events.end).toBe('completed');
    const names = await readdir(join(folder, 'whole'), { recursive: true });
    for (const name of names.filter((one) => one.includes('.') && one !== 'log.jsonl')) {
      const [expected, actual] = await Promise.all(
        ['whole', 'run'].map((run) => readFile(join(folder, run, name))),
      );
      expect(actual!.equals(expected!), name).toBe(true);
    }
  });

  it('is none where there is no configuration, and an error where that is damaged', async () => {
    expect(await readRun(folder)).toBeUndefined();
    await writeFile(join(folder, 'config.json'), '{');
    await expect(readRun(folder)).rejects.toMatchObject({ code: 'damaged-checkpoint' });
  });
});

describe('the folder of a propagation', () => {
  it('is told round by round', async () => {
    const unlabelled = join(folder, 'unlabelled');
    await writeImages(
      unlabelled,
      withoutMasks(discs(8).slice(4), (i) => `ct_${i}`),
    );
    const model = new PixelModel();
    const run = join(folder, 'propagation');
    await generatePseudoLabels({
      model,
      labelled: discs(3),
      unlabelled,
      io,
      recipe: propagationRecipe(tinyRecipe({ batchSize: 4 }), { epochs: 1 }),
      groupSize: 2,
      runFolder: run,
    });
    model.dispose();
    const record = (await readRun(run)) as PropagationRecord;
    expect(record.rounds.map(({ round, left }) => [round, left])).toEqual([
      [1, 2],
      [2, 0],
    ]);
    expect(record.events).toMatchObject({ end: 'completed', warnings: {} });
    const lines = (await readFile(join(run, 'curves.csv'), 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => line.split(',').slice(2, 4).join(' '))).toEqual(['slices left', '5 2', '7 0']);
  });
});
