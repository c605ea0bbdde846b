import * as tf from '@tensorflow/tfjs';
import {
  averagePool2x2,
  averagePool3x3,
  batchNorm,
  maxPool3x3,
  resizeBilinear,
} from '../../src/ops/index.js';
import { fromNchw, maxDifference, toNchw } from '../values.js';
import { type ConformanceCase, type ConformanceGolden, requireBelow } from './case.js';

/** PyTorch's own arithmetic on small tensors: max differences. */
const TOLERANCE = 2e-6;
const BATCH_NORM_TOLERANCE = 2e-5;

/** Forward passes and the batch norm's gradient against numbers of PyTorch. */
export const GOLDEN_CASES: readonly ConformanceCase[] = [
  {
    name: 'half-pixel resize as PyTorch',
    async run(golden) {
      for (const scale of [0.125, 0.25, 0.5]) {
        const y = resizeBilinear(upperLeft(golden, 16, 16), [16 * scale, 16 * scale]);
        await requireGolden(golden, y, `interp.scale${scale}.half_pixel`);
      }
      for (const scale of [2, 4, 8]) {
        const y = resizeBilinear(upperLeft(golden, 6, 4), [6 * scale, 4 * scale]);
        await requireGolden(golden, y, `interp.scale${scale}.half_pixel`);
      }
    },
  },
  {
    name: 'align-corners resize as PyTorch',
    async run(golden) {
      const input = fromNchw(golden.primitives.tensor('interp.input'));
      const resized = (height: number, width: number): tf.Tensor4D =>
        resizeBilinear(input, [height, width], { alignCorners: true });
      for (const [h, w] of [
        [18, 12],
        [30, 20],
        [7, 5],
      ] as const) {
        await requireGolden(golden, resized(h, w), `interp.size${h}x${w}.align_corners`);
      }
      await requireGolden(golden, resized(48, 32), 'interp.scale2.align_corners');
    },
  },
  {
    name: 'pools as PyTorch',
    async run(golden) {
      const x = upperLeft(golden, 23, 15);
      await requireGolden(golden, averagePool3x3(x, 1), 'pool.avg3s1p1_countpad');
      await requireGolden(golden, averagePool3x3(x, 2), 'pool.avg3s2p1_countpad');
      await requireGolden(golden, averagePool2x2(x), 'pool.avg2s2_ceil_nopadcount');
      await requireGolden(golden, maxPool3x3(x), 'pool.max3s2p1');
    },
  },
  {
    name: 'batch norm by the batch as PyTorch, value and gradients',
    async run({ units }) {
      const vector = (name: string): tf.Tensor1D => tf.tensor1d(units.tensor(name).data as Float32Array);
      const image = (name: string): tf.Tensor4D => fromNchw(units.tensor(name));
      const [x, gamma, beta] = [image('bn.x'), vector('bn.weight'), vector('bn.bias')];
      const [dx, dGamma, dBeta] = tf.grads((a, g, b) =>
        batchNorm(a as tf.Tensor4D, g as tf.Tensor1D, b as tf.Tensor1D),
      )([x, gamma, beta], image('bn.dy')) as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D];
      const pairs: Array<[string, Float32Array]> = [
        ['bn.y0', await toNchw(batchNorm(x, gamma, beta))],
        ['bn.grad_x', await toNchw(dx)],
        ['bn.grad_weight', (await dGamma.data()) as Float32Array],
        ['bn.grad_bias', (await dBeta.data()) as Float32Array],
      ];
      for (const [name, values] of pairs) {
        requireBelow(maxDifference(values, units.tensor(name).data), BATCH_NORM_TOLERANCE, name);
      }
    },
  },
];

function upperLeft({ primitives }: ConformanceGolden, height: number, width: number): tf.Tensor4D {
  return tf.slice4d(fromNchw(primitives.tensor('interp.input')), [0, 0, 0, 0], [-1, height, width, -1]);
}

async function requireGolden({ primitives }: ConformanceGolden, y: tf.Tensor4D, name: string): Promise<void> {
  requireBelow(maxDifference(await toNchw(y), primitives.tensor(name).data), TOLERANCE, name);
}
