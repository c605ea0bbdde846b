import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, expect, it } from 'vitest';
import { createModel, exportOnnx, InfNet, MODEL_NAMES, ShapeError } from '../../src/index.js';
import { readGoldenTensors } from '../golden-files.js';
import { goldenImages, MAPS } from '../golden-inputs.js';
import { goldenNetwork } from '../inf-net/golden-network.js';
import { maxDifference, noise, toNchw } from '../values.js';
import { runOnnx } from './run-onnx.js';

const SMALL = { width: 0.25, channels: 8, blocks: [2, 1, 1, 1], seed: 3 } as const;
const ALL = [...Object.keys(MAPS), 'probability'];

beforeAll(async () => {
  expect(await tf.setBackend('wasm')).toBe(true);
});

it('Inf-Net with Res2Net50 at 352x352 in onnxruntime-web gives what PyTorch gave, within 1e-4', async () => {
  const model = goldenNetwork();
  const before = tf.memory();
  const file = await exportOnnx(model, { outputs: Object.keys(MAPS) });
  expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numDataBuffers: before.numDataBuffers });
  model.dispose();
  const images = goldenImages(1, 352, 352);
  const outputs = await runOnnx(file, images);
  images.dispose();
  const golden = readGoldenTensors('forward-res2net50-eval-1x352x352.safetensors');
  for (const [name, theirs] of Object.entries(MAPS)) {
    const { shape, data } = golden.tensor(theirs);
    expect(outputs[name]!.shape).toEqual(shape);
    expect(maxDifference(outputs[name]!.data, data), name).toBeLessThan(1e-4);
  }
}, 600_000);

it('a trainable and a fused network give the same file; it takes any number of images where asked', async () => {
  using model = InfNet.create(SMALL);
  using fused = model.fuse();
  const options = { height: 64, width: 96, batch: 'dynamic', outputs: ALL } as const;
  const file = await exportOnnx(model, options);
  expect(Buffer.compare(file, await exportOnnx(fused, options))).toBe(0);
  const images = noise([3, 64, 96, 3]);
  const outputs = await runOnnx(file, images);
  const ours: Record<string, tf.Tensor4D> = { ...model.forward(images), probability: model.predict(images) };
  for (const name of ALL) {
    expect(maxDifference(outputs[name]!.data, await toNchw(ours[name]!)), name).toBeLessThan(1e-5);
  }
});

it.each(MODEL_NAMES)('%s is exported without a description of its own', async (name) => {
  using model = createModel(name, { width: 0.125, seed: 1 });
  const side = Math.max(model.minimumSize, 2 * model.inputMultiple, 32);
  const outputs = [...model.outputs, 'probability'];
  const file = await exportOnnx(model, { height: side, width: side, outputs });
  const images = noise([1, side, side, model.inputChannels]);
  const theirs = await runOnnx(file, images);
  const ours: Record<string, tf.Tensor4D> = { ...model.forward(images), probability: model.predict(images) };
  for (const output of outputs) {
    const values = await toNchw(ours[output]!);
    const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1); // random weights can be far off
    expect(maxDifference(theirs[output]!.data, values) / scale, output).toBeLessThan(1e-4);
  }
});

it('what no output needs is left out, and texts are kept', async () => {
  using model = InfNet.create(SMALL);
  const all = await exportOnnx(model, { height: 64, width: 64, outputs: ALL });
  const edge = await exportOnnx(model, {
    height: 64,
    width: 64,
    outputs: ['edge'],
    metadata: { made: 'here' },
  });
  expect(edge.length).toBeLessThan(all.length / 2);
  expect(Buffer.from(edge).includes('made')).toBe(true);
});

it('a size that the network does not take is its own error', async () => {
  using model = InfNet.create(SMALL);
  await expect(exportOnnx(model, { height: 60, width: 64 })).rejects.toThrow(ShapeError);
});

const python = ['/usr/bin/python3', 'python3'].find(
  (path) =>
    (path === 'python3' || existsSync(path)) &&
    spawnSync(path, ['-c', 'import onnx, onnxruntime, numpy']).status === 0,
);

it.skipIf(!python)(
  'passes the checker of ONNX and runs in onnxruntime (skipped without Python and both)',
  async () => {
    using model = InfNet.create(SMALL);
    const folder = mkdtempSync(join(tmpdir(), 'infnet-onnx-'));
    try {
      const images = noise([1, 64, 96, 3]);
      writeFileSync(join(folder, 'model.onnx'), await exportOnnx(model, { height: 64, width: 96 }));
      writeFileSync(join(folder, 'images.bin'), await toNchw(images));
      writeFileSync(join(folder, 'expected.bin'), await toNchw(model.predict(images)));
      const program = `
import numpy, onnx, onnxruntime, sys
onnx.checker.check_model(onnx.load('model.onnx'), full_check=True)
images = numpy.fromfile('images.bin', numpy.float32).reshape(1, 3, 64, 96)
session = onnxruntime.InferenceSession('model.onnx', providers=['CPUExecutionProvider'])
found, = session.run(['probability'], {'images': images})
worst = abs(found.ravel() - numpy.fromfile('expected.bin', numpy.float32)).max()
sys.exit(0 if worst < 1e-5 else f'differs by {worst}')`;
      const { status, stderr } = spawnSync(python!, ['-c', program], { cwd: folder, encoding: 'utf8' });
      expect(status, stderr).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
