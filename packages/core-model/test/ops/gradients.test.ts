import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import {
  averagePool2x2,
  averagePool3x3,
  batchNorm,
  concatChannels,
  conv2d,
  maxPool3x3,
  recompute,
  resizeBilinear,
  sliceChannels,
} from '../../src/ops/index.js';
import { noise, onEachBackend } from '../backends.js';
import { expectGradients, type Op } from './expect-gradients.js';

onEachBackend(() => {
  const geometries = [
    { kernel: [1, 1], stride: 1, pad: 0, dilation: 1 },
    { kernel: [3, 3], stride: 1, pad: 1, dilation: 1 },
    { kernel: [3, 3], stride: 2, pad: 1, dilation: 1 },
    { kernel: [1, 7], stride: 1, pad: [0, 3], dilation: 1 },
    { kernel: [5, 1], stride: 1, pad: [2, 0], dilation: 1 },
    { kernel: [3, 3], stride: 1, pad: 3, dilation: 3 },
    { kernel: [3, 3], stride: 1, pad: 7, dilation: 7 },
    { kernel: [1, 1], stride: 2, pad: 0, dilation: 1 },
  ] as const;
  for (const { kernel, ...geometry } of geometries) {
    for (const size of [
      [8, 6],
      [9, 7],
    ] as const) {
      it(`conv2d ${kernel.join('x')} ${JSON.stringify(geometry)} on ${size.join('x')}`, async () => {
        const op: Op = (x, w) => conv2d(x as tf.Tensor4D, w as tf.Tensor4D, geometry);
        await expectGradients(op, [noise([2, ...size, 3]), noise([...kernel, 3, 4], 2)]);
      });
    }
  }

  it('batchNorm by the batch', async () => {
    const op: Op = (x, g, b) => batchNorm(x as tf.Tensor4D, g as tf.Tensor1D, b as tf.Tensor1D);
    const x = tf.add(noise([2, 5, 4, 3]), tf.tensor1d([0.5, -1, 2])) as tf.Tensor4D;
    await expectGradients(op, [x, tf.tensor1d([1.2, 0.8, -0.5]), tf.tensor1d([0.1, 0.2, 0.3])], 3e-2);
  });

  it('batchNorm by given statistics, with ReLU', async () => {
    const statistics = { mean: tf.tensor1d([0.1, -0.2, 0.3]), variance: tf.tensor1d([1, 0.5, 2]) };
    const op: Op = (x, g, b) =>
      batchNorm(x as tf.Tensor4D, g as tf.Tensor1D, b as tf.Tensor1D, { statistics, relu: true });
    await expectGradients(op, [noise([2, 5, 4, 3]), tf.tensor1d([1.2, 0.8, 0.5]), tf.tensor1d([3, 2, 4])]);
  });

  for (const [height, width] of [
    [8, 6],
    [7, 5],
  ] as const) {
    it(`pools on ${height}x${width}`, async () => {
      const x = noise([2, height, width, 3]);
      await expectGradients((y) => averagePool3x3(y as tf.Tensor4D, 1), [x]);
      await expectGradients((y) => averagePool3x3(y as tf.Tensor4D, 2), [x]);
      await expectGradients((y) => averagePool2x2(y as tf.Tensor4D), [x]);
      // Well apart, so that the step of the difference quotient moves no maximum.
      const apart = tf.reshape(
        tf.tensor1d(Array.from({ length: x.size }, (_, i) => ((i * 37) % x.size) - 60)),
        x.shape,
      );
      await expectGradients((y) => maxPool3x3(y as tf.Tensor4D), [apart]);
    });
  }

  it('maxPool3x3 sends the gradient of a tie to the first maximum', async () => {
    const dx = tf.grad((x) => maxPool3x3(x as tf.Tensor4D))(tf.ones([1, 4, 4, 1]));
    expect([...(await dx.data())]).toEqual([1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  for (const [from, to] of [
    [
      [6, 4],
      [12, 8],
    ],
    [
      [6, 4],
      [24, 32],
    ],
    [
      [16, 8],
      [4, 2],
    ],
    [
      [7, 5],
      [3, 9],
    ],
  ] as const) {
    for (const channels of [1, 3]) {
      for (const alignCorners of [false, true]) {
        it(`resizeBilinear ${from.join('x')}x${channels} to ${to.join('x')}, alignCorners ${alignCorners}`, async () => {
          await expectGradients(
            (x) => resizeBilinear(x as tf.Tensor4D, to, { alignCorners }),
            [noise([2, ...from, channels])],
          );
        });
      }
    }
  }

  it('channels, narrow and wide', async () => {
    for (const width of [3, 40]) {
      const [a, b] = [noise([2, 3, 4, width]), noise([2, 3, 4, 2 * width], 2)];
      await expectGradients((x) => sliceChannels(x as tf.Tensor4D, 1, width - 1), [a]);
      await expectGradients((x, y) => concatChannels([x, y] as tf.Tensor4D[]), [a, b]);
      const back = sliceChannels(concatChannels([a, b]), width, 2 * width);
      expect([...(await back.data())]).toEqual([...(await b.data())]);
    }
  });

  it('recompute gives the gradients of the plain block, for inputs and variables, and frees its tensors', async () => {
    const x = noise([2, 6, 6, 3]);
    const kernel = tf.variable(noise([3, 3, 3, 3], 4));
    const block = (y: tf.Tensor4D): tf.Tensor4D => tf.mul(tf.relu(conv2d(y, kernel, { pad: 1 })), y);
    const passes: string[] = [];
    const loss = (y: tf.Tensor4D, checkpoint: boolean): tf.Scalar =>
      tf.sum(
        tf.square(
          checkpoint
            ? recompute([y], [kernel], ([z], pass) => {
                passes.push(pass);
                return block(block(z as tf.Tensor4D));
              })
            : block(block(y)),
        ),
      );
    const run = (checkpoint: boolean): tf.Tensor[] =>
      tf.grads((y: tf.Tensor) => loss(tf.mul(y, 2) as tf.Tensor4D, checkpoint))([x, kernel]);
    const plain = run(false);
    const before = tf.memory().numTensors;
    const checkpointed = run(true);
    expect(tf.memory().numTensors - before).toBe(2);
    expect(passes).toEqual(['forward', 'recompute']);
    for (const [i, gradient] of plain.entries()) {
      expect(await checkpointed[i]!.data()).toEqual(await gradient.data());
    }
    kernel.dispose();
  });
});
