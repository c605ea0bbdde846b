import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { InfNet } from '@infnet/core-model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  NonFiniteLossError,
  trainSupervised,
  type SupervisedOptions,
  type TrainingEvent,
} from '../src/index.js';
import { discs, tinyModel, tinyRecipe } from './tiny.js';

let folder = '';

beforeAll(async () => {
  expect(await tf.setBackend('wasm')).toBe(true);
  folder = await mkdtemp(join(tmpdir(), 'infnet-train-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Trains a fresh tiny network and disposes of it. */
async function train(options: Partial<SupervisedOptions>): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  const model = tinyModel();
  try {
    await trainSupervised({
      model,
      data: discs(7),
      validation: { fraction: 0.3 },
      recipe: tinyRecipe(),
      onProgress: (event) => events.push(event),
      ...options,
    });
  } finally {
    model.dispose();
  }
  return events;
}

function only<T extends TrainingEvent['type']>(
  events: readonly TrainingEvent[],
  type: T,
): Extract<TrainingEvent, { type: T }>[] {
  return events.filter((event): event is Extract<TrainingEvent, { type: T }> => event.type === type);
}

async function readLog(run: string): Promise<TrainingEvent[]> {
  const text = await readFile(join(run, 'log.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as TrainingEvent);
}

describe('trainSupervised', () => {
  it('learns discs, and says so step by step', async () => {
    const events = await train({ recipe: tinyRecipe({ epochs: 12, augment: 'flip' }) });
    const steps = only(events, 'step');
    expect(steps.map((event) => event.step)).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
    expect(steps.slice(0, 2).map((event) => event.slices)).toEqual([3, 2]);
    const epochs = only(events, 'epoch');
    expect(epochs.at(-1)?.loss).toBeLessThan(0.9 * (epochs[0]?.loss ?? 0));
    expect(only(events, 'validation').at(-1)?.slices).toBe(2);
    expect(only(events, 'validation').at(-1)?.meanDice).toBeGreaterThan(0.5);
    expect(events.at(0)?.type).toBe('run-start');
    expect(events.at(-1)).toMatchObject({ type: 'run-end', reason: 'completed', step: 24 });
  });

  it('interrupted anywhere and resumed, ends with the very bytes of an undisturbed run', async () => {
    const whole = join(folder, 'whole');
    const parts = join(folder, 'parts');
    await train({ runFolder: whole });
    for (const stopAt of [1, 2, 5]) {
      const controller = new AbortController();
      const stopped = train({
        runFolder: parts,
        resume: true,
        signal: controller.signal,
        onProgress: (event) => {
          if (event.type === 'step' && event.step === stopAt) controller.abort(new Error('enough'));
        },
      });
      await expect(stopped).rejects.toThrow('enough');
    }
    await train({ runFolder: parts, resume: true });
    for (const name of ['model.safetensors', 'best.safetensors', 'last.safetensors']) {
      const [expected, actual] = await Promise.all([whole, parts].map((run) => readFile(join(run, name))));
      expect((actual as Buffer).equals(expected as Buffer), name).toBe(true);
    }
    const losses = async (run: string): Promise<number[][]> =>
      only(await readLog(run), 'step').map(({ step, loss }) => [step, loss]);
    expect(await losses(parts)).toEqual(await losses(whole));
  });

  it('hands out a model file that rebuilds the network', async () => {
    const run = join(folder, 'file');
    const model = tinyModel();
    const result = await trainSupervised({ model, data: discs(4), recipe: tinyRecipe(), runFolder: run });
    expect(result.modelPath).toBe(join(run, 'model.safetensors'));
    const loaded = await InfNet.fromPretrained(result.modelPath as string);
    expect(loaded.options).toEqual(model.options);
    expect(await loaded.stateDict()).toEqual(await model.stateDict());
    loaded.dispose();
    model.dispose();
  });

  it('stops when it diverges, and logs that', async () => {
    const run = join(folder, 'diverging');
    const recipe = tinyRecipe({ learningRate: 1e30, clip: null, warmupSteps: 0 });
    await expect(train({ recipe, runFolder: run })).rejects.toThrow(NonFiniteLossError);
    expect((await readLog(run)).at(-1)).toMatchObject({ type: 'run-end', reason: 'failed' });
  });

  it('runs multi-scale, several steps per batch', async () => {
    const recipe = tinyRecipe({
      epochs: 1,
      size: 96,
      scales: [0.75, 1, 1.25],
      augment: 'none',
      edgeTarget: 'file',
    });
    const steps = only(await train({ recipe, data: discs(4, 96), validation: { fraction: 0 } }), 'step');
    expect(steps.map((step) => step.size)).toEqual([64, 96, 128, 64, 96, 128]);
  });

  it('warns of what it leaves out, of empty masks and of a rate made for pre-trained weights', async () => {
    const [first, second, ...others] = discs(6);
    const empty = { ...first!, mask: { ...first!.mask, data: new Uint8Array(64 * 64) } };
    const small = { ...second!, mask: { ...second!.mask, width: 32, height: 128 } };
    const recipe = tinyRecipe({ epochs: 1, learningRate: 1e-4 });
    const events = await train({ data: [empty, small, ...others], recipe });
    expect(only(events, 'warning').map(({ code, subject }) => [code, subject])).toEqual([
      ['size-mismatch', 'disc-1'],
      ['mask-without-foreground', 'disc-0'],
      ['learning-rate-too-low', undefined],
    ]);
    const pretrained = await train({ recipe, pretrained: true });
    expect(only(pretrained, 'warning')).toEqual([]);
  });

  it('refuses data without a usable slice, a folder without reader, and a run folder in use', async () => {
    await expect(train({ data: [] })).rejects.toMatchObject({ code: 'no-samples' });
    await expect(train({ validateEvery: 0 })).rejects.toThrow(/validateEvery is 0/);
    await expect(train({ data: '/nowhere' })).rejects.toMatchObject({ code: 'invalid-option' });
    const run = join(folder, 'used');
    await train({ runFolder: run, recipe: tinyRecipe({ epochs: 1 }) });
    await expect(train({ runFolder: run })).rejects.toMatchObject({ code: 'run-exists' });
    await expect(train({ runFolder: run, resume: true, seed: 1 })).rejects.toMatchObject({
      code: 'run-mismatch',
    });
  });
});
