import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InfNet, SliceGate } from '@infnet/core-model';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  GATE_RECIPE,
  trainSliceGate,
  type RunConfig,
  type Sample,
  type TrainingEvent,
} from '../../src/index.js';
import { discs } from '../tiny.js';

const SIZE = 64;
const recipe = { ...GATE_RECIPE, size: SIZE, epochs: 30, batchSize: 6, warmupSteps: 5 };

/** Slices with a bright disc that is infection, and the same without it. */
const infected = discs(10, SIZE);
const healthy = infected.map(({ id, image, mask }): Sample => {
  const dark = image.data.map((grey, i) => (mask.data[i] === 0 ? grey : grey - 90));
  return {
    id: `healthy ${id}`,
    image: { ...image, data: dark },
    mask: { ...mask, data: new Uint8Array(SIZE * SIZE) },
  };
});
const part = (from: number, to: number): Sample[] => [
  ...infected.slice(from, to),
  ...healthy.slice(from, to),
];

let folder: string;
let model: InfNet;
beforeAll(async () => {
  expect(await tf.setBackend('wasm')).toBe(true);
  folder = await mkdtemp(join(tmpdir(), 'infnet-train-gate-'));
  model = InfNet.create({ width: 0.125, channels: 8, blocks: [1, 1, 1, 1], seed: 3 });
});
afterAll(async () => {
  model.dispose();
  await rm(folder, { recursive: true });
});

async function train(
  run: string,
  other: Partial<Parameters<typeof trainSliceGate>[0]> = {},
): Promise<{ result: Awaited<ReturnType<typeof trainSliceGate>>; bytes: string }> {
  const gate = await SliceGate.create(model, { hidden: 8 });
  try {
    const result = await trainSliceGate({
      gate,
      encoder: model,
      data: part(0, 7),
      validation: part(7, 10),
      recipe,
      runFolder: join(folder, run),
      resume: true,
      ...other,
    });
    return { result, bytes: await readFile(result.modelPath!, 'base64') };
  } finally {
    gate.dispose();
  }
}

describe('trainSliceGate', () => {
  it('learns to tell slices, leaves the encoder as it is and keeps no tensor', async () => {
    const before = await model.stateDict();
    const tensors = tf.memory().numTensors;
    const events: TrainingEvent[] = [];
    const { result } = await train('whole', { onProgress: (event) => events.push(event) });
    expect(tf.memory().numTensors).toBe(tensors);
    expect(result.validation).toMatchObject({ sensitivity: 1, specificity: 1, auc: 1, slices: 3 });
    expect(await model.stateDict()).toEqual(before);
    const config = JSON.parse(await readFile(join(folder, 'whole', 'config.json'), 'utf8')) as RunConfig;
    for (const name of ['loss', 'edgeTarget']) expect(config.recipe).not.toHaveProperty(name);
    expect(events.filter((event) => event.type === 'warning')).toEqual([]);
    using gate = await SliceGate.fromPretrained(result.modelPath!);
    await expect(gate.checkEncoder(model)).resolves.toBeUndefined();
  });

  it('goes on where it was stopped, bit for bit', async () => {
    const { bytes } = await train('undisturbed');
    const stop = new AbortController();
    const onProgress = (event: TrainingEvent): void => {
      if (event.type === 'step' && event.step === 20) stop.abort();
    };
    await expect(train('stopped', { signal: stop.signal, onProgress })).rejects.toThrow(/abort/i);
    expect((await train('stopped')).bytes).toBe(bytes);
    expect((await train('other', { seed: 1 })).bytes).not.toBe(bytes);
  });

  it('refuses data of one kind', async () => {
    for (const data of [infected, healthy]) {
      await expect(train('one-kind', { data })).rejects.toMatchObject({
        name: 'DatasetError',
        code: 'no-samples',
      });
    }
  });
});
