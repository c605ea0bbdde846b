import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { drawKernel } from '../../src/layers/initialise.js';
import { conv2d, conv2dTranspose, globalAveragePool, upsampleNearest2x } from '../../src/ops/index.js';
import { onEachBackend } from '../backends.js';
import { maxDifference, noise } from '../values.js';
import { expectGradients } from './expect-gradients.js';

onEachBackend(() => {
  for (const { kernel, stride, pad } of [
    { kernel: 4, stride: 2, pad: 1 },
    { kernel: 2, stride: 2, pad: 0 },
    { kernel: 16, stride: 8, pad: 4 },
    { kernel: 3, stride: 1, pad: 1 },
  ]) {
    it(`conv2dTranspose ${kernel}, stride ${stride}, pad ${pad}: adjoint of the convolution, with its gradients`, async () => {
      const [x, weights] = [noise([2, 3, 4, 2]), noise([kernel, kernel, 3, 2], 2)];
      const y = conv2dTranspose(x, weights, { stride, pad });
      const size = (from: number): number => (from - 1) * stride + kernel - 2 * pad;
      expect(y.shape).toEqual([2, size(3), size(4), 3]);
      const other = noise(y.shape, 3);
      const [left] = await tf.sum(tf.mul(y, other)).data();
      const [right] = await tf.sum(tf.mul(x, conv2d(other, weights, { stride, pad }))).data();
      expect(Math.abs(left! - right!)).toBeLessThan(1e-4 * Math.max(1, Math.abs(left!)));
      await expectGradients(
        (a, b) => conv2dTranspose(a as tf.Tensor4D, b as tf.Tensor4D, { stride, pad }),
        [x, weights],
      );
    });
  }

  it('a bilinear kernel keeps each channel and its level', async () => {
    const shape = [4, 4, 2, 2] as const;
    const kernel = tf.tensor4d(drawKernel(shape, 'bilinear', 0, ''), [...shape]);
    const flat = tf.mul(tf.ones([1, 4, 4, 2]), tf.tensor1d([3, -1])) as tf.Tensor4D;
    const inside = tf.slice4d(
      conv2dTranspose(flat, kernel, { stride: 2, pad: 1 }),
      [0, 1, 1, 0],
      [1, 6, 6, 2],
    );
    const expected = await tf.tile(tf.tensor1d([3, -1]), [36]).data();
    expect(maxDifference(await inside.data(), expected)).toBeLessThan(1e-6);
  });

  it('upsampleNearest2x', async () => {
    const x = noise([2, 3, 4, 3]);
    const columns = tf.reshape(tf.tile(tf.reshape(x, [2, 3, 4, 1, 3]), [1, 1, 1, 2, 1]), [2, 3, 1, 24]);
    const expected = await tf.tile(columns, [1, 1, 2, 1]).data();
    expect(maxDifference(await upsampleNearest2x(x).data(), expected)).toBe(0);
    await expectGradients((y) => upsampleNearest2x(y as tf.Tensor4D), [x]);
  });

  it('globalAveragePool', async () => {
    const x = noise([2, 5, 4, 3]);
    const y = globalAveragePool(x);
    expect(y.shape).toEqual([2, 1, 1, 3]);
    expect(maxDifference(await y.data(), await tf.mean(x, [1, 2]).data())).toBeLessThan(1e-6);
    await expectGradients((z) => globalAveragePool(z as tf.Tensor4D), [x]);
  });

  it('conv2d 2x2 with stride 2, as grid attention uses it', async () => {
    for (const size of [
      [8, 6],
      [9, 7],
    ]) {
      await expectGradients(
        (x, w) => conv2d(x as tf.Tensor4D, w as tf.Tensor4D, { stride: 2 }),
        [noise([2, ...size, 3]), noise([2, 2, 3, 4], 2)],
      );
    }
  });
});
