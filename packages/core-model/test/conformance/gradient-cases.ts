import * as tf from '@tensorflow/tfjs';
import {
  add,
  addBias,
  averagePool2x2,
  averagePool3x3,
  batchNorm,
  concatChannels,
  conv2d,
  FoldedConvolution,
  maxPool2x2,
  maxPool3x3,
  resizeBilinear,
  sliceChannels,
} from '../../src/ops/index.js';
import { maxDifference, noise } from '../values.js';
import { type ConformanceCase, requireBelow } from './case.js';
import { type Op, requireGradients } from './require-gradients.js';

const GEOMETRIES = [
  { kernel: [1, 1], stride: 1, pad: 0, dilation: 1 },
  { kernel: [3, 3], stride: 1, pad: 1, dilation: 1 },
  { kernel: [3, 3], stride: 2, pad: 1, dilation: 1 },
  { kernel: [1, 7], stride: 1, pad: [0, 3], dilation: 1 },
  { kernel: [5, 1], stride: 1, pad: [2, 0], dilation: 1 },
  { kernel: [3, 3], stride: 1, pad: 3, dilation: 3 },
  { kernel: [3, 3], stride: 1, pad: 7, dilation: 7 },
  { kernel: [1, 1], stride: 2, pad: 0, dilation: 1 },
] as const;

const CONVOLUTIONS = GEOMETRIES.map(({ kernel, ...geometry }): ConformanceCase => {
  const { stride, pad, dilation } = geometry;
  return {
    name: `conv2d ${kernel.join('x')}, stride ${stride}, pad ${String(pad)}, dilation ${dilation}: gradients, fused form`,
    async run() {
      for (const [height, width] of [
        [8, 6],
        [9, 7],
      ] as const) {
        const [x, w] = [noise([2, height, width, 3]), noise([...kernel, 3, 4], 2)];
        await requireGradients((a, b) => conv2d(a as tf.Tensor4D, b as tf.Tensor4D, geometry), [x, w]);
        const bias = tf.tensor1d([0.1, -0.2, 0.3, 0]);
        const apart = tf.relu(tf.add(conv2d(x, w, geometry), bias));
        const fused = new FoldedConvolution(w, bias, geometry).apply(x, { relu: true });
        requireBelow(maxDifference(await fused.data(), await apart.data()), 1e-5, 'fused against apart');
      }
    },
  };
});

const NORMS: readonly ConformanceCase[] = [
  {
    name: 'batchNorm by the batch: gradients',
    async run() {
      const op: Op = (x, g, b) => batchNorm(x as tf.Tensor4D, g as tf.Tensor1D, b as tf.Tensor1D);
      const x = tf.add(noise([2, 5, 4, 3]), tf.tensor1d([0.5, -1, 2])) as tf.Tensor4D;
      await requireGradients(op, [x, tf.tensor1d([1.2, 0.8, -0.5]), tf.tensor1d([0.1, 0.2, 0.3])], 3e-2);
    },
  },
  {
    name: 'batchNorm by given statistics, with ReLU: gradients',
    async run() {
      const statistics = { mean: tf.tensor1d([0.1, -0.2, 0.3]), variance: tf.tensor1d([1, 0.5, 2]) };
      const op: Op = (x, g, b) =>
        batchNorm(x as tf.Tensor4D, g as tf.Tensor1D, b as tf.Tensor1D, { statistics, relu: true });
      await requireGradients(op, [noise([2, 5, 4, 3]), tf.tensor1d([1.2, 0.8, 0.5]), tf.tensor1d([3, 2, 4])]);
    },
  },
];

const BIAS: ConformanceCase = {
  name: 'addBias, alone and behind a ReLU: values, gradients',
  async run() {
    const x = noise([2, 5, 4, 3]);
    // The second channel stays below 0 and the third above it, so that no step crosses the kink.
    const bias = tf.tensor1d([-3, -3, 2]);
    for (const relu of [false, true]) {
      const plain = tf.add(x, bias);
      const expected = relu ? tf.relu(plain) : plain;
      const worst = maxDifference(await addBias(x, bias, { relu }).data(), await expected.data());
      requireBelow(worst, 1e-6, `values, relu ${relu}`);
      await requireGradients((y, b) => addBias(y as tf.Tensor4D, b as tf.Tensor1D, { relu }), [x, bias]);
    }
  },
};

const SUM: ConformanceCase = {
  name: 'add, alone and behind a ReLU: values, gradients, one tensor twice',
  async run() {
    // Far from 0, on either side, so that no step crosses the kink.
    const [a, b] = [
      noise([2, 3, 4, 3]),
      tf.mul(tf.ones([2, 3, 4, 3]), tf.tensor1d([-3, 2, 3])) as tf.Tensor4D,
    ];
    for (const relu of [false, true]) {
      const expected = relu ? tf.relu(tf.add(a, b)) : tf.add(a, b);
      requireBelow(maxDifference(await add(a, b, { relu }).data(), await expected.data()), 1e-7, 'values');
      await requireGradients((x, y) => add(x as tf.Tensor4D, y as tf.Tensor4D, { relu }), [a, b]);
    }
    await requireGradients((x) => add(x as tf.Tensor4D, x as tf.Tensor4D), [a]);
  },
};

const POOLS: readonly ConformanceCase[] = [
  {
    name: 'pools: gradients',
    async run() {
      for (const [height, width] of [
        [8, 6],
        [7, 5],
      ] as const) {
        const x = noise([2, height, width, 3]);
        await requireGradients((y) => averagePool3x3(y as tf.Tensor4D, 1), [x]);
        await requireGradients((y) => averagePool3x3(y as tf.Tensor4D, 2), [x]);
        await requireGradients((y) => averagePool2x2(y as tf.Tensor4D), [x]);
        // Well apart, so that the step of the difference quotient moves no maximum.
        const apart = Array.from({ length: x.size }, (_, i) => ((i * 37) % x.size) - 60);
        const spread = tf.reshape(tf.tensor1d(apart), x.shape);
        await requireGradients((y) => maxPool3x3(y as tf.Tensor4D), [spread]);
        await requireGradients((y) => maxPool2x2(y as tf.Tensor4D), [spread]);
      }
    },
  },
  {
    name: 'maxPool3x3 sends the gradient of a tie to the first maximum',
    async run() {
      const dx = tf.grad((x) => maxPool3x3(x as tf.Tensor4D))(tf.ones([1, 4, 4, 1]));
      const expected = [1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
      requireBelow(maxDifference(await dx.data(), expected), 1e-6, 'gradient');
    },
  },
];

const SIZES = [
  { from: [6, 4], to: [12, 8] },
  { from: [6, 4], to: [24, 32] },
  { from: [16, 8], to: [4, 2] },
  { from: [7, 5], to: [3, 9] },
] as const;

const RESIZES = [false, true].map((alignCorners): ConformanceCase => ({
  name: `resizeBilinear, alignCorners ${alignCorners}: gradients`,
  async run() {
    for (const { from, to } of SIZES) {
      for (const channels of [1, 3]) {
        const x = noise([2, ...from, channels]);
        await requireGradients((y) => resizeBilinear(y as tf.Tensor4D, to, { alignCorners }), [x]);
      }
    }
  },
}));

const CHANNELS: ConformanceCase = {
  name: 'channels, narrow and wide: gradients, and there and back',
  async run() {
    for (const width of [3, 40]) {
      const [a, b] = [noise([2, 3, 4, width]), noise([2, 3, 4, 2 * width], 2)];
      await requireGradients((x) => sliceChannels(x as tf.Tensor4D, 1, width - 1), [a]);
      await requireGradients((x, y) => concatChannels([x, y] as tf.Tensor4D[]), [a, b]);
      const back = sliceChannels(concatChannels([a, b]), width, 2 * width);
      requireBelow(maxDifference(await back.data(), await b.data()), 1e-7, 'slice of a concatenation');
    }
  },
};

/** Every op's gradient against differences of its values, with more than one image and more than one channel. */
export const GRADIENT_CASES: readonly ConformanceCase[] = [
  ...CONVOLUTIONS,
  ...NORMS,
  BIAS,
  SUM,
  ...POOLS,
  ...RESIZES,
  CHANNELS,
];
