import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  meanTeacherRecipe,
  trainMeanTeacher,
  type MeanTeacherRunOptions,
  type TrainingEvent,
} from '../../src/index.js';
import { io, withoutMasks, writeImages } from '../pgm-io.js';
import { PixelModel } from '../pixel-model.js';
import { discs, tinyRecipe } from '../tiny.js';

const recipe = meanTeacherRecipe(tinyRecipe({ averageDecay: 0, batchSize: 2, epochs: 3 }));

let folder = '';
let unlabelled = '';
beforeAll(async () => {
  expect(await tf.setBackend('wasm')).toBe(true);
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'infnet-teacher-'));
  unlabelled = join(folder, 'unlabelled');
  const images = withoutMasks(discs(10).slice(5), (i) => `ct_${i}`);
  await writeImages(unlabelled, images);
});
afterEach(() => rm(folder, { recursive: true }));

async function train(run: string, options: Partial<MeanTeacherRunOptions> = {}) {
  const model = new PixelModel();
  const events: TrainingEvent[] = [];
  try {
    const result = await trainMeanTeacher({
      model,
      labelled: discs(5),
      unlabelled,
      validation: { fraction: 0.2 },
      io,
      recipe,
      confidence: 'weighted',
      runFolder: join(folder, run),
      onProgress: (event) => events.push(event),
      ...options,
    });
    return { events, model: await readFile(result.modelPath as string, 'base64') };
  } finally {
    model.dispose();
  }
}

describe('trainMeanTeacher', () => {
  it('stopped anywhere and resumed, ends with the very bytes of an undisturbed run', async () => {
    const before = tf.memory().numTensors;
    const whole = await train('whole');
    for (const stopAt of [1, 3, 4]) {
      const stopped = new AbortController();
      const onProgress = (event: TrainingEvent): void => {
        if (event.type === 'step' && event.step === stopAt) stopped.abort();
      };
      const part = train('parts', { resume: true, signal: stopped.signal, onProgress });
      await expect(part).rejects.toThrow(/abort/i);
    }
    const { model } = await train('parts', { resume: true });
    expect(model).toBe(whole.model);
    expect(await readFile(join(folder, 'parts', 'last.safetensors'))).toEqual(
      await readFile(join(folder, 'whole', 'last.safetensors')),
    );
    expect(tf.memory().numTensors).toBe(before);
  });

  it('gives the same bytes for a seed, others for another, and others without unlabelled slices', async () => {
    const first = await train('first');
    expect((await train('second')).model).toBe(first.model);
    expect((await train('third', { seed: 1 })).model).not.toBe(first.model);
    expect((await train('fourth', { unlabelledWeight: 0 })).model).not.toBe(first.model);
  });

  it('learns from unlabelled slices only as far as the ramp has come', async () => {
    const without = await train('without', { unlabelledWeight: 0 });
    const late = await train('late', { rampUpSteps: 1e6, unlabelledWeight: 1 });
    const early = await train('early', { rampUpSteps: 0 });
    const losses = ({ events }: typeof late): number[] =>
      events.flatMap((event) => (event.type === 'step' ? [event.loss] : []));
    const [a, b, c] = [losses(without), losses(late), losses(early)].map((values) => values[0] as number);
    expect((b as number) - (a as number)).toBeCloseTo(Math.exp(-5) * ((c as number) - (a as number)), 3);
  });

  it('refuses to go on with other unlabelled slices, and names one that cannot be read', async () => {
    await writeFile(join(unlabelled, 'ct_9.png'), 'no picture');
    const { events } = await train('run');
    expect(events.filter(({ type }) => type === 'warning')).toMatchObject([
      { code: 'unreadable-file', subject: join(unlabelled, 'ct_9.png') },
    ]);
    await writeImages(unlabelled, { ct_1: discs(1)[0]!.image });
    await expect(train('run', { resume: true })).rejects.toThrow(/unlabelled.ct_1/);
  });

  it('says what is wrong with its options, and where there is nothing to learn from', async () => {
    const plain = tinyRecipe({ averageDecay: 0 });
    await expect(train('a', { recipe: plain })).rejects.toThrow(/averageDecay is 0/);
    await expect(train('b', { ratio: 0.5 })).rejects.toThrow(/ratio is 0.5/);
    await expect(train('c', { threshold: 0.3 })).rejects.toThrow(/threshold is 0.3/);
    await rm(unlabelled, { recursive: true });
    await expect(train('d')).rejects.toMatchObject({ code: 'folder-not-readable' });
    await writeImages(unlabelled, {});
    await writeFile(join(unlabelled, 'x.png'), 'no picture');
    await expect(train('e')).rejects.toMatchObject({ code: 'no-samples' });
  });
});
