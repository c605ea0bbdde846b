import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  InfNet,
  loadModel,
  type StateDict,
  WeightsError,
  writePytorchCheckpoint,
  writeSafetensors,
} from '../../src/index.js';

const SMALL = { width: 0.25, channels: 8, blocks: [1, 1, 1, 1], seed: 3 } as const;

let folder: string;
beforeAll(async () => {
  expect(await tf.setBackend('wasm')).toBe(true);
  folder = await mkdtemp(join(tmpdir(), 'infnet-pretrained-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The tensors under other names; those without one are left out. */
const renamed = (dict: StateDict, name: (old: string) => string | undefined): StateDict =>
  new Map(
    [...dict].flatMap(([old, tensor]) => {
      const now = name(old);
      return now === undefined ? [] : [[now, tensor] as const];
    }),
  );

/** All bytes of a state dict: toEqual takes minutes over millions of numbers. */
const bytesOf = async (model: InfNet): Promise<Buffer> =>
  Buffer.from(writeSafetensors(await model.stateDict()));

it.each(['model.safetensors', 'model.pth', 'model.json'])(
  '%s is saved and loaded, with its options',
  async (name) => {
    using model = InfNet.create(SMALL);
    await model.save(join(folder, name), { metadata: { 'infnet.size': '64' } });
    using again = await InfNet.fromPretrained(join(folder, name));
    expect(again.options).toEqual(model.options);
    expect((await bytesOf(again)).equals(await bytesOf(model))).toBe(true);
    using any = await loadModel(join(folder, name), { backend: 'wasm' });
    expect(any.architecture).toBe('inf-net');
  },
);

it('a checkpoint of several GPUs, without counters and with half precision, is an Inf-Net', async () => {
  using model = InfNet.create(SMALL);
  const theirs = renamed(await model.stateDict(), (name) =>
    name.endsWith('num_batches_tracked') ? undefined : `module.${name}`,
  );
  using again = await InfNet.fromPretrained(writePytorchCheckpoint(theirs, { dtype: 'float16' }));
  expect(again.options).toEqual(model.options);
  again.loadStateDict(theirs);
  expect((await bytesOf(again)).equals(await bytesOf(model))).toBe(true);
});

it('a file of ImageNet fits the backbone, with its own names or ours, and leaves the rest', async () => {
  using donor = InfNet.create({ ...SMALL, seed: 9 });
  using model = InfNet.create(SMALL);
  const before = await model.stateDict();
  const wanted = await donor.stateDict();
  const imageNet = renamed(wanted, (name) => (name.startsWith('resnet.') ? name.slice(7) : undefined));
  imageNet.set('fc.weight', { dtype: 'float32', shape: [2, 2], data: new Float32Array(4) });
  model.loadStateDict(imageNet, { part: 'backbone' });
  for (const [name, { data }] of await model.stateDict()) {
    const expected = (name.startsWith('resnet.') ? wanted : before).get(name)!.data;
    expect(Buffer.from(data.buffer).equals(Buffer.from(expected.buffer)), name).toBe(true);
  }
  model.loadStateDict(before);
  model.loadStateDict(
    renamed(imageNet, (name) => `module.resnet.${name}`),
    { part: 'backbone' },
  );
  const now = await model.stateDict();
  expect(now.get('resnet.bn1.weight')).toEqual(wanted.get('resnet.bn1.weight'));
  imageNet.delete('conv1.0.weight');
  expect(() => model.loadStateDict(imageNet, { part: 'backbone' })).toThrow(/resnet\.conv1\.0\.weight/);
  expect(() => model.loadStateDict(imageNet)).toThrow(WeightsError);
});

it('what holds none of the networks is a typed error, and frees what was made', async () => {
  const before = tf.memory().numTensors;
  const none: StateDict = new Map([['w', { dtype: 'float32', shape: [1], data: new Float32Array(1) }]]);
  for (const bytes of [writePytorchCheckpoint(none), writeSafetensors(none)]) {
    await expect(InfNet.fromPretrained(bytes)).rejects.toThrow(WeightsError);
    await expect(loadModel(bytes)).rejects.toThrow(WeightsError);
  }
  await expect(loadModel(join(folder, 'model.pth'), { backend: 'none' })).rejects.toThrow(/none/);
  expect(tf.memory().numTensors).toBe(before);
});
