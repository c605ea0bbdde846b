import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import {
  averagePool2x2,
  averagePool3x3,
  batchNorm,
  maxPool3x3,
  resizeBilinear,
} from '../../src/ops/index.js';
import { fromNchw, maxDifference, onEachBackend, toNchw } from '../backends.js';
import { readGoldenTensors } from '../golden-files.js';

const primitives = readGoldenTensors('primitives.safetensors');
const units = readGoldenTensors('optim-bn.safetensors');
const input = (): tf.Tensor4D => fromNchw(primitives.tensor('interp.input'));
const upperLeft = (h: number, w: number): tf.Tensor4D => tf.slice4d(input(), [0, 0, 0, 0], [-1, h, w, -1]);

async function expectGolden(y: tf.Tensor4D, name: string): Promise<void> {
  expect(maxDifference(await toNchw(y), primitives.tensor(name).data), name).toBeLessThan(2e-6);
}

onEachBackend(() => {
  it('half-pixel resize', async () => {
    for (const scale of [0.125, 0.25, 0.5]) {
      await expectGolden(
        resizeBilinear(upperLeft(16, 16), [16 * scale, 16 * scale]),
        `interp.scale${scale}.half_pixel`,
      );
    }
    for (const scale of [2, 4, 8]) {
      await expectGolden(
        resizeBilinear(upperLeft(6, 4), [6 * scale, 4 * scale]),
        `interp.scale${scale}.half_pixel`,
      );
    }
  });

  it('align-corners resize', async () => {
    for (const [h, w] of [
      [18, 12],
      [30, 20],
      [7, 5],
    ] as const) {
      await expectGolden(
        resizeBilinear(input(), [h, w], { alignCorners: true }),
        `interp.size${h}x${w}.align_corners`,
      );
    }
    await expectGolden(
      resizeBilinear(input(), [48, 32], { alignCorners: true }),
      'interp.scale2.align_corners',
    );
  });

  it('pools', async () => {
    const x = upperLeft(23, 15);
    await expectGolden(averagePool3x3(x, 1), 'pool.avg3s1p1_countpad');
    await expectGolden(averagePool3x3(x, 2), 'pool.avg3s2p1_countpad');
    await expectGolden(averagePool2x2(x), 'pool.avg2s2_ceil_nopadcount');
    await expectGolden(maxPool3x3(x), 'pool.max3s2p1');
  });

  it('batch norm: value and gradients by the batch', async () => {
    const x = fromNchw(units.tensor('bn.x'));
    const vector = (name: string): tf.Tensor1D => tf.tensor1d(units.tensor(name).data as Float32Array);
    const [gamma, beta] = [vector('bn.weight'), vector('bn.bias')];
    expect(maxDifference(await toNchw(batchNorm(x, gamma, beta)), units.tensor('bn.y0').data)).toBeLessThan(
      1e-5,
    );
    const [dx, dGamma, dBeta] = tf.grads((a, g, b) =>
      batchNorm(a as tf.Tensor4D, g as tf.Tensor1D, b as tf.Tensor1D),
    )([x, gamma, beta], fromNchw(units.tensor('bn.dy'))) as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D];
    expect(maxDifference(await toNchw(dx), units.tensor('bn.grad_x').data)).toBeLessThan(1e-5);
    expect(maxDifference(await dGamma.data(), units.tensor('bn.grad_weight').data)).toBeLessThan(2e-5);
    expect(maxDifference(await dBeta.data(), units.tensor('bn.grad_bias').data)).toBeLessThan(2e-5);
  });
});
