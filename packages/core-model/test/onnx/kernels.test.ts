import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportOnnx, type ExportableNetwork, InfNetError } from '../../src/index.js';
import { ONNX_KERNELS } from '../../src/onnx/kernels/index.js';
import { onEachBackend } from '../backends.js';
import { maxDifference, noise, toNchw } from '../values.js';
import { runOnnx } from './run-onnx.js';

type Body = (x: tf.Tensor4D) => tf.Tensor;

/** A network that is one function; its output is brought to rank 4. */
function networkOf(body: Body): ExportableNetwork {
  const network: ExportableNetwork = {
    form: 'fused',
    inputChannels: 4,
    prediction: 'y',
    forward: (x) => ({ y: asImages(body(x)) }),
    fuse: () => network,
    dispose: () => undefined,
  };
  return network;
}

function asImages(y: tf.Tensor): tf.Tensor4D {
  const { rank, shape, size } = y;
  return rank === 4 ? (y as tf.Tensor4D) : tf.reshape(y, [shape[0], 1, 1, size / shape[0]]);
}

const kernel = (shape: [number, number, number, number], seed: number): tf.Tensor4D => noise(shape, seed);

/** At least one body for every kernel of the table; the same in tf's words and ONNX's. */
const BODIES: Record<string, Body> = {
  'convolution 3x3': (x) => tf.conv2d(x, kernel([3, 3, 4, 5], 2), 1, 1),
  'convolution, stride 2, pad on one side': (x) =>
    tf.conv2d(
      x,
      kernel([3, 2, 4, 5], 2),
      2,
      [
        [0, 0],
        [1, 0],
        [0, 1],
        [0, 0],
      ],
      'NHWC',
      1,
      'floor',
    ),
  'convolution, dilated': (x) => tf.conv2d(x, kernel([3, 3, 4, 2], 2), 1, 'same', 'NHWC', 2),
  'convolution with bias and ReLU': (x) =>
    tf.fused.conv2d({
      x,
      filter: kernel([1, 1, 4, 3], 2),
      bias: tf.tensor1d([0.1, -0.2, 0.3]),
      strides: 1,
      pad: 0,
      activation: 'relu',
    }),
  'convolution by a kernel that is computed': (x) =>
    tf.conv2d(
      tf.ones<tf.Rank.R4>([1, 5, 5, 4]),
      tf.reshape<tf.Rank.R4>(tf.slice4d(x, [0, 0, 0, 0], [1, 3, 3, 4]), [3, 3, 4, 1]),
      1,
      0,
    ),
  'depthwise convolution': (x) => tf.depthwiseConv2d(x, kernel([3, 3, 4, 2], 2), 1, 1),
  'depthwise average': (x) => tf.depthwiseConv2d(x, tf.fill([3, 3, 4, 1], 1 / 9), 2, 1, 'NHWC', 1, 'floor'),
  'depthwise convolution with bias': (x) =>
    tf.fused.depthwiseConv2d({
      x,
      filter: kernel([1, 1, 4, 1], 2),
      bias: tf.tensor1d([1, 2, 3, 4]),
      strides: 1,
      pad: 0,
      activation: 'sigmoid',
    }),
  'transposed convolution': (x) => tf.conv2dTranspose(x, kernel([4, 4, 3, 4], 2), [2, 12, 20, 3], 2, 'same'),
  'max pool': (x) => tf.maxPool(x, 3, 2, 1, 'floor'),
  'average pool': (x) => tf.avgPool(x, 2, 2, 'same'),
  'average pool, odd sides': (x) => tf.avgPool(tf.slice4d(x, [0, 0, 0, 0], [-1, 5, 7, -1]), 2, 2, 'same'),
  'bilinear, half pixels, up': (x) => tf.image.resizeBilinear(x, [18, 20], false, true),
  'bilinear, half pixels, down': (x) => tf.image.resizeBilinear(x, [3, 5], false, true),
  'bilinear, corners': (x) => tf.image.resizeBilinear(x, [12, 20], true, false),
  'bilinear, neither': (x) => tf.image.resizeBilinear(x, [12, 20], false, false),
  nearest: (x) => tf.image.resizeNearestNeighbor(x, [12, 20]),
  'nearest, half pixels': (x) => tf.image.resizeNearestNeighbor(x, [9, 25], false, true),
  'sums with a number, channels, and a map': (x) =>
    x
      .add(1)
      .add(tf.tensor1d([1, 2, 3, 4]))
      .add(noise([1, 6, 10, 1], 3))
      .add(noise([10, 4] as never, 4)),
  'differences, from the left and the right': (x) => tf.sub(1, x).sub(tf.tensor1d([1, 2, 3, 4])),
  'products and quotients': (x) =>
    x
      .mul(tf.sigmoid(x))
      .div(tf.tensor1d([1, 2, 3, 4]))
      .mul(x.max([1, 2], true)),
  'greater and smaller of two': (x) => tf.maximum(x, 0.1).minimum(tf.square(x)),
  'sum of several': (x) => tf.addN([x, tf.relu(x), tf.neg(x), tf.abs(x)]),
  functions: (x) =>
    tf.concat(
      [tf.tanh(x), tf.exp(x), tf.log(x.abs().add(1)), tf.sqrt(x.abs()), tf.softplus(x), tf.elu(x)],
      3,
    ),
  'more functions': (x) =>
    tf.concat([tf.leakyRelu(x, 0.3), tf.clipByValue(x, -0.5, 0.25), tf.rsqrt(x.abs().add(1))], 1),
  'softmax over channels, and over columns': (x) =>
    tf.softmax(x).add(tf.softmax(x.transpose([0, 1, 3, 2])).transpose([0, 1, 3, 2])),
  'means, kept and dropped': (x) => tf.mean(x, [1, 2]).mul(tf.mean(x, [1, 2], true).reshape([2, 4])),
  'sum, maximum and minimum of channels': (x) =>
    tf.concat([x.sum(3, true), x.max(3, true), x.min(-1, true)], 3),
  'maximum of rows, which keeps columns before channels': (x) => tf.max(x, 1),
  'slices of channels and of an image': (x) =>
    tf.concat([tf.slice4d(x, [0, 1, 2, 1], [-1, 3, 4, 2]), tf.slice4d(x, [0, 0, 0, 0], [-1, 3, 4, -1])], 3),
  parts: (x) => tf.concat(tf.split(x, 2, 3).toReversed(), 3).add(tf.split(x, [1, 3], 3)[0]!),
  'padding by a value': (x) =>
    tf.pad4d(
      x,
      [
        [0, 0],
        [1, 2],
        [0, 3],
        [1, 0],
      ],
      0.5,
    ),
  'reshape and back': (x) => tf.square(x.reshape([2, 60, 4])).reshape([2, 6, 10, 4]),
  'transposed, with another rank between': (x) =>
    x.reshape([2, 60, 4]).transpose([0, 2, 1]).reshape([2, 4, 6, 10]),
  'expanded and repeated': (x) => tf.tile(tf.expandDims(tf.mean(x, 1), 1), [1, 3, 1, 2]),
  'attention by channel': (x) => x.mul(tf.sigmoid(tf.expandDims(tf.expandDims(tf.mean(x, [1, 2]), 1), 1))),
};

beforeAll(async () => {
  expect(await tf.setBackend('wasm')).toBe(true);
});

describe('every kernel, run by onnxruntime-web, is what TensorFlow.js computes', () => {
  const seen = new Set<string>();

  it.each(Object.entries(BODIES))('%s', async (_, body) => {
    const x = noise([2, 6, 10, 4], 1);
    const expected = tf.tidy(() => asImages(body(x)));
    const { kernelNames } = await tf.profile(() => tf.tidy(() => body(x)));
    for (const name of kernelNames) seen.add(name);
    const before = tf.memory().numTensors;
    const file = await exportOnnx(networkOf(body), { height: 6, width: 10, batch: 2, outputs: ['y'] });
    expect(tf.memory().numTensors).toBe(before);
    const { y } = await runOnnx(file, x);
    expect(y!.shape).toEqual([0, 3, 1, 2].map((axis) => expected.shape[axis]));
    expect(maxDifference(y!.data, await toNchw(expected))).toBeLessThan(2e-6);
  });

  afterAll(() => {
    const left = [...ONNX_KERNELS.keys()].filter((name) => !seen.has(name) && name !== 'Identity');
    expect(left, 'kernels without a body above').toEqual([]);
  });
});

it('a batch of any size runs where it is dynamic', async () => {
  const network = networkOf((x) =>
    tf
      .relu(
        tf.pad4d(x, [
          [0, 0],
          [1, 1],
          [0, 0],
          [0, 0],
        ]),
      )
      .mul(tf.mean(x, [1, 2], true)),
  );
  const file = await exportOnnx(network, {
    height: 6,
    width: 10,
    batch: 'dynamic',
    outputs: ['y', 'probability'],
  });
  for (const batch of [1, 3]) {
    const x = noise([batch, 6, 10, 4], batch);
    const { y, probability } = await runOnnx(file, x);
    const { y: expected } = network.forward(x);
    expect(maxDifference(y!.data, await toNchw(expected!))).toBeLessThan(1e-6);
    expect(maxDifference(probability!.data, await toNchw(tf.sigmoid(expected!)))).toBeLessThan(1e-6);
  }
});

describe('what cannot be exported is a typed error, and leaves TensorFlow.js as it was', () => {
  it.each([
    ['a kernel without a form', (x: tf.Tensor4D) => tf.cumsum(x, 1), 'unsupported-op'],
    ['whole numbers', (x: tf.Tensor4D) => tf.cast(x, 'int32'), 'unsupported-op'],
    [
      'an activation without a form',
      (x: tf.Tensor4D) =>
        tf.fused.conv2d({ x, filter: kernel([1, 1, 4, 1], 2), strides: 1, pad: 0, activation: 'relu6' }),
      'unsupported-op',
    ],
    ['no use of the images', () => tf.ones([1, 2, 2, 1]), 'unsupported-op'],
  ] as const)('%s', async (_, body, code) => {
    const before = tf.memory().numTensors;
    const exporting = exportOnnx(networkOf(body), { height: 6, width: 10, outputs: ['y'] });
    await expect(exporting).rejects.toThrow(InfNetError);
    await expect(exporting).rejects.toMatchObject({ code });
    expect(tf.getBackend()).toBe('wasm');
    expect(tf.getKernelsForBackend('infnet-trace')).toEqual([]);
    expect(() => tf.removeBackend('infnet-trace')).toThrow(/registry/);
    expect(tf.memory().numTensors - before).toBeLessThanOrEqual(1); // the body's own kernel, which lives outside a tidy
  });

  it('an unknown output and a batch of 0', async () => {
    const network = networkOf((x) => x);
    await expect(exportOnnx(network, { outputs: ['z'] })).rejects.toMatchObject({
      code: 'invalid-option',
      hint: 'choose among y, probability',
    });
    await expect(exportOnnx(network, { outputs: [] })).rejects.toThrow(/no output/);
    await expect(exportOnnx(network, { batch: 0 })).rejects.toMatchObject({ code: 'invalid-option' });
  });
});

onEachBackend(() => {
  it('is exported from, with the same bytes each time', async () => {
    const network = networkOf((x) => tf.sigmoid(tf.conv2d(x, kernel([3, 3, 4, 2], 2), 1, 1)));
    const [one, two] = [
      await exportOnnx(network, { height: 6, width: 10 }),
      await exportOnnx(network, { height: 6, width: 10 }),
    ];
    expect(Buffer.compare(one, two)).toBe(0);
    const x = noise([1, 6, 10, 4]);
    const { probability } = await runOnnx(one, x);
    expect(maxDifference(probability!.data, await toNchw(tf.sigmoid(network.forward(x)['y']!)))).toBeLessThan(
      1e-6,
    );
  });
});
