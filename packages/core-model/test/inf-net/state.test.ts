import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, expect, it } from 'vitest';
import {
  InfNet,
  loadModel,
  OptionError,
  readSafetensorsFile,
  ShapeError,
  WeightsError,
  writeSafetensors,
} from '../../src/index.js';
import { readGoldenKeys } from '../golden-files.js';
import { goldenState } from './golden-network.js';

const SMALL = { width: 0.25, channels: 8, blocks: [1, 1, 1, 1], seed: 3 } as const;

/** The options that `SMALL` leaves out. */
const WHOLE = {
  backbone: 'res2net50',
  partialDecoder: true,
  reverseAttention: true,
  edgeAttention: true,
} as const;

/** Compared as bytes: toEqual takes minutes over millions of numbers. */
async function expectSameState(a: InfNet, b: InfNet): Promise<void> {
  const [one, other] = [await a.stateDict(), await b.stateDict()].map((dict) => writeSafetensors(dict));
  expect(Buffer.compare(one!, other!)).toBe(0);
}

beforeAll(async () => {
  expect(await tf.setBackend('wasm')).toBe(true);
});

it('has exactly the 946 names, shapes and order of the reference, through safetensors and back', async () => {
  const given = goldenState();
  const model = InfNet.create();
  model.loadStateDict(given);
  const { dict } = readSafetensorsFile(writeSafetensors(await model.stateDict()));
  model.dispose();
  expect([...dict].map(([name, { shape, dtype }]) => ({ name, shape, dtype }))).toEqual(
    readGoldenKeys('res2net50'),
  );
  for (const [name, { data }] of given) {
    const kept = dict.get(name)!.data; // compared as bytes: toEqual takes minutes over 33 million numbers
    expect(Buffer.from(kept.buffer).equals(Buffer.from(data.buffer)), name).toBe(true);
  }
});

it('draws the same weights for the same seed, others for another', async () => {
  const read = async (seed: number): Promise<Uint8Array> => {
    using model = InfNet.create({ ...SMALL, seed });
    return writeSafetensors(await model.stateDict());
  };
  const [one, again, other] = [await read(3), await read(3), await read(4)];
  expect(Buffer.compare(one, again)).toBe(0); // toEqual takes minutes over millions of bytes
  expect(Buffer.compare(one, other)).not.toBe(0);
});

it('saves and loads itself, with its architecture, and without when there is none in the file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'infnet-'));
  const path = join(folder, 'model.safetensors');
  using model = InfNet.create(SMALL);
  await model.save(path);
  using again = await InfNet.fromPretrained(path);
  const { seed: _, ...options } = SMALL;
  expect(again.options).toEqual({ ...WHOLE, ...options });
  await expectSameState(again, model);
  // A Buffer, as Node reads files: its own slice would share memory.
  using bare = await InfNet.fromPretrained(Buffer.from(writeSafetensors(await model.stateDict())));
  expect(bare.options).toEqual(again.options);
  rmSync(folder, { recursive: true });
});

it('stores float16 within half precision', async () => {
  using model = InfNet.create(SMALL);
  using half = await InfNet.fromPretrained(writeSafetensors(await model.stateDict(), { dtype: 'float16' }));
  const theirs = await half.stateDict();
  for (const [name, { data }] of await model.stateDict()) {
    const rounded = theirs.get(name)!.data;
    const within = Array.from(data, Number).every(
      (value, i) => Math.abs(Number(rounded[i]) - value) <= Math.abs(value) / 1024 + 1e-7,
    );
    expect(within, name).toBe(true);
  }
});

it('refuses weights that do not fit, and keeps its own', async () => {
  using model = InfNet.create(SMALL);
  const own = await model.stateDict();
  const without = new Map(own);
  without.delete('ra2_conv1.bn.weight');
  expect(() => model.loadStateDict(without)).toThrow(WeightsError);
  expect(() => model.loadStateDict(without)).toThrow(/ra2_conv1\.bn\.weight/);
  const extra = new Map([...own, ['more.weight', own.get('ra2_conv1.bn.weight')!]]);
  expect(() => model.loadStateDict(extra)).toThrow(/more\.weight/);
  using other = InfNet.create({ ...SMALL, seed: 9, channels: 16 });
  expect(() => other.loadStateDict(own)).toThrow(/shape/);
  other.loadStateDict(own, { strict: false });
  expect((await other.stateDict()).get('ra2_conv1.bn.weight')).toEqual(own.get('ra2_conv1.bn.weight'));
  await expect(InfNet.fromPretrained(writeSafetensors(new Map()))).rejects.toThrow(WeightsError);
  expect(Buffer.compare(writeSafetensors(await model.stateDict()), writeSafetensors(own))).toBe(0);
});

it('names a wrong option and a wrong input, and frees all that it made', () => {
  expect(() => InfNet.create({ width: -1 })).toThrow(OptionError);
  expect(() => InfNet.create({ blocks: [1, 2, 3] as never })).toThrow(/blocks/);
  const before = tf.memory().numTensors;
  const model = InfNet.create(SMALL);
  const fused = model.fuse();
  expect(() => tf.tidy(() => void model.forward(tf.zeros([1, 48, 64, 3])))).toThrow(ShapeError);
  expect(() => tf.tidy(() => void model.forward(tf.zeros([1, 64, 64, 1])))).toThrow(/\[1,64,64,1\]/);
  expect(() => tf.tidy(() => void fused.forward(tf.zeros([1, 64, 64, 3]), { training: true }))).toThrow(
    /fused/,
  );
  tf.tidy(() => void fused.predict(tf.zeros([1, 64, 64, 3])));
  for (const network of [model, fused]) {
    network.dispose();
    network.dispose();
  }
  expect(tf.memory().numTensors).toBe(before);
});

it('takes hardly more memory fused than trainable, and splits no channels', async () => {
  const before = tf.memory();
  const model = InfNet.create({ ...SMALL, width: 0.5 });
  const weights = tf.memory().numBytes - before.numBytes;
  const fused = model.fuse();
  model.dispose();
  expect(tf.memory().numBytes - before.numBytes).toBeLessThan(1.1 * weights); // 3x3 kernels transformed
  expect(fused.parameters().size).toBe(0);
  const { kernelNames } = await tf.profile(() => {
    tf.tidy(() => void fused.forward(tf.zeros([1, 64, 64, 3])));
    return [];
  });
  expect(kernelNames).toContain('InfnetConvolution');
  expect(kernelNames).not.toContain('Slice');
  expect(kernelNames).not.toContain('SplitV');
  const settled = tf.memory().numTensors;
  tf.tidy(() => void fused.forward(tf.zeros([1, 64, 64, 3])));
  expect(tf.memory().numTensors).toBe(settled);
  fused.dispose();
  expect(tf.memory().numTensors).toBe(before.numTensors);
});

it('allocates no more than a file has, whatever its metadata asks for', async () => {
  using model = InfNet.create(SMALL);
  const before = tf.memory();
  for (const asked of [{ width: 8 }, { blocks: [128, 128, 128, 128] }, { channels: 4096 }]) {
    const metadata = { 'infnet.architecture': JSON.stringify({ ...model.options, ...asked }) };
    const bytes = writeSafetensors(await model.stateDict(), { metadata });
    await expect(InfNet.fromPretrained(bytes)).rejects.toThrow(WeightsError);
    await expect(loadModel(bytes)).rejects.toThrow(WeightsError);
  }
  const blocks = { ...model.options, blocks: [1, 1, 1, 1e9] };
  const endless = { 'infnet.architecture': JSON.stringify(blocks) };
  await expect(InfNet.fromPretrained(writeSafetensors(new Map(), { metadata: endless }))).rejects.toThrow(
    /not a known architecture/,
  );
  expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numBytes: before.numBytes });
});
