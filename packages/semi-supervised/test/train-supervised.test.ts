import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { InfNet } from '@infnet/core-model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trainSupervised, type SupervisedOptions, type TrainingEvent } from '../src/index.js';
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
    const events = await train({ recipe: tinyRecipe({ epochs: 20, augment: 'flip' }) });
    const steps = only(events, 'step');
    expect(steps.map((event) => event.step)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(steps.slice(0, 2).map((event) => event.slices)).toEqual([3, 2]);
    const epochs = only(events, 'epoch');
    expect(epochs.at(-1)?.loss).toBeLessThan(0.85 * (epochs[0]?.loss ?? 0));
    expect(only(events, 'validation').at(-1)?.slices).toBe(2);
    expect(only(events, 'validation').at(-1)?.meanDice).toBeGreaterThan(0.5);
    expect(events.at(0)?.type).toBe('run-start');
    expect(events.at(-1)).toMatchObject({ type: 'run-end', reason: 'completed', step: 40 });
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
});
