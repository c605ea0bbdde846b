import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createModel, createSlicePool, InfNet, normaliseSlices, SliceGate } from '../../src/index.js';
import { InfNetWiring } from '../../src/inf-net/wiring.js';
import { ParameterStore } from '../../src/layers/parameter-store.js';
import { buildWorker } from '../pool/built-worker.js';
import { maxDifference } from '../values.js';

const SMALL = { width: 0.125, channels: 8, blocks: [1, 1, 1, 1], seed: 3 } as const;
const SIDE = 64;
const slices = Array.from({ length: 3 }, (_, n) => ({
  data: Uint8Array.from({ length: SIDE * SIDE }, (__, i) => (i * (n + 3) + 40 * n) % 256),
  height: SIDE,
  width: SIDE,
}));

let folder: string;
let model: InfNet;
let gate: SliceGate;
let images: tf.Tensor4D;
let built: Awaited<ReturnType<typeof buildWorker>>;
beforeAll(async () => {
  expect(await tf.setBackend('wasm')).toBe(true);
  folder = await mkdtemp(join(tmpdir(), 'infnet-gate-'));
  model = InfNet.create(SMALL);
  gate = await SliceGate.create(model, { hidden: 8, seed: 5 });
  images = normaliseSlices(
    slices.map(({ data }) => data),
    SIDE,
    SIDE,
  );
  built = await buildWorker();
});
afterAll(async () => {
  tf.dispose(images);
  model.dispose();
  gate.dispose();
  built.remove();
  await rm(folder, { recursive: true });
});

/** Mean and maximum of each channel, one feature after the other, for each image. */
async function pooledByHand(features: readonly tf.Tensor4D[]): Promise<number[][]> {
  const vectors: number[][] = slices.map(() => []);
  for (const feature of features) {
    const values = await feature.array();
    values.forEach((rows, b) => {
      const pixels = rows.flat();
      const channel = (c: number): number[] => pixels.map((pixel) => pixel[c]!);
      const channels = pixels[0]!.map((_, c) => c);
      const mean = (all: number[]): number => all.reduce((sum, value) => sum + value, 0) / all.length;
      vectors[b]!.push(
        ...channels.map((c) => mean(channel(c))),
        ...channels.map((c) => Math.max(...channel(c))),
      );
    });
  }
  return vectors;
}

async function probabilities(of: SliceGate): Promise<Float32Array> {
  const infected = tf.tidy(() => of.predict(model.sliceFeatures(images)));
  expect(infected.shape).toEqual([slices.length, 1, 1, 1]);
  const values = Float32Array.from(await infected.data());
  infected.dispose();
  return values;
}

describe('what a gate looks at', () => {
  it('is mean and maximum of f3, f4 and f5', async () => {
    const store = new ParameterStore({ seed: SMALL.seed });
    const context = { training: false, recompute: false, updateStatistics: false };
    const { f2, ...features } = new InfNetWiring(store, model.options).encode(images, context);
    const given = model.sliceFeatures(images);
    expect(given.shape).toEqual([slices.length, 1, 1, model.sliceFeatureLength]);
    const byHand = await pooledByHand([features.f3, features.f4, features.f5]);
    expect(maxDifference(await given.data(), Float32Array.from(byHand.flat()))).toBeLessThan(1e-4);
    tf.dispose([f2, features, given]);
    store.dispose();
  });

  it('comes with the map from one pass, the fused form too', async () => {
    const fused = model.fuse();
    const [map, features] = [model.predict(images), model.sliceFeatures(images)];
    for (const network of [model, fused]) {
      const both = network.predictWithFeatures(images);
      expect(maxDifference(await both.probability.data(), await map.data())).toBeLessThan(1e-5);
      expect(maxDifference(await both.features.data(), await features.data())).toBeLessThan(1e-3);
      tf.dispose(both);
    }
    tf.dispose([map, features]);
    fused.dispose();
  });
});

describe('a slice gate', () => {
  it('is the same from its file', async () => {
    const path = join(folder, 'gate.safetensors');
    await gate.save(path);
    using back = await SliceGate.fromPretrained(path);
    expect(back.options).toEqual(gate.options);
    expect(await probabilities(back)).toEqual(await probabilities(gate));
    await expect(InfNet.fromPretrained(path)).rejects.toMatchObject({ code: 'damaged-header' });
    const other = join(folder, 'model.safetensors');
    await model.save(other);
    await expect(SliceGate.fromPretrained(new Uint8Array(await readFile(other)))).rejects.toMatchObject({
      name: 'WeightsError',
    });
  });

  it('belongs to one encoder, and does not mind the rest of the network', async () => {
    const dict = await model.stateDict();
    using copy = InfNet.create({ ...SMALL, seed: 9 });
    await expect(gate.checkEncoder(copy)).rejects.toMatchObject({ code: 'gate-mismatch' });
    copy.loadStateDict(dict, { part: 'backbone' });
    await expect(gate.checkEncoder(copy)).resolves.toBeUndefined();
    await expect(SliceGate.create(model, { hidden: 0 })).rejects.toMatchObject({ name: 'OptionError' });
  });
});

describe.each([
  ['two workers', { workers: 2, worker: () => built.start() }],
  ['batches in this thread', { workers: 0, batch: 2 }],
])('%s', (_, options) => {
  it('give the answer of the gate with each map, and none without', async () => {
    const expected = await probabilities(gate);
    expect(new Set(expected).size).toBe(slices.length);
    await using pool = await createSlicePool(model, { ...options, gate });
    await using plain = await createSlicePool(model, options);
    let n = 0;
    for await (const { slice, map } of pool.predictAll(slices)) {
      expect(map.infected).toBeCloseTo(expected[n++]!, 4);
      const without = await plain.predict(slice);
      expect(without).not.toHaveProperty('infected');
      expect(maxDifference(map.data, without.data)).toBeLessThan(1e-5);
    }
    expect(n).toBe(slices.length);
  });

  it('refuse the gate of another encoder, and networks without one', async () => {
    using other = InfNet.create({ ...SMALL, seed: 4 });
    await expect(createSlicePool(other, { ...options, gate })).rejects.toMatchObject({
      code: 'gate-mismatch',
    });
    using unet = createModel('unet', { width: 0.125 });
    await expect(createSlicePool(unet, { ...options, gate })).rejects.toMatchObject({
      code: 'unsupported-network',
    });
  });
});
