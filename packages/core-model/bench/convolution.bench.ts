import * as tf from '@tensorflow/tfjs';
import { bench, describe } from 'vitest';
import { selectBackend } from '../src/index.js';
import { conv2d } from '../src/ops/index.js';
import { noise } from '../test/values.js';
import { median } from './peers.js';

/**
 * Convolutions of the Res2Net50 Inf-Net at 352x352, WebAssembly, one thread: forward by our kernels and by XNNPACK in turn, and
 * the two gradients by our kernels. Ours lay out the weights anew each time, as a training step must; XNNPACK remembers
 * them. Printed are medians, in 10^9 floating-point operations a second.
 */
const ROUNDS = 15;
const SHAPES = [
  { side: 22, inputs: 416, outputs: 1024, kernel: 1 },
  { side: 22, inputs: 1024, outputs: 104, kernel: 1 },
  { side: 44, inputs: 208, outputs: 512, kernel: 1 },
  { side: 88, inputs: 104, outputs: 256, kernel: 1 },
  { side: 11, inputs: 832, outputs: 2048, kernel: 1 },
  { side: 22, inputs: 104, outputs: 104, kernel: 3 },
  { side: 176, inputs: 32, outputs: 64, kernel: 3 },
  { side: 88, inputs: 26, outputs: 26, kernel: 3 },
  { side: 44, inputs: 52, outputs: 52, kernel: 3 },
  { side: 11, inputs: 256, outputs: 256, kernel: 5 },
];

await selectBackend('wasm');

describe('convolutions, wasm, one thread', () => {
  for (const { side, inputs, outputs, kernel } of SHAPES) {
    const name = `${side}x${side}, ${kernel}x${kernel}, ${inputs} to ${outputs}`;
    const pad = (kernel - 1) / 2;
    const x = noise([1, side, side, inputs]);
    const w = noise([kernel, kernel, inputs, outputs], 2);
    const dy = noise([1, side, side, outputs], 3);
    const forward = (): tf.Tensor => conv2d(x, w, { pad });
    const gradients = tf.grads((a, b) => conv2d(a as tf.Tensor4D, b as tf.Tensor4D, { pad }));
    const times: Record<'ours' | 'xnnpack' | 'both', number[]> = { ours: [], xnnpack: [], both: [] };
    bench(
      name,
      () => {
        tf.env().set('INFNET_WASM_KERNELS', true);
        times.ours.push(milliseconds(forward));
        times.both.push(milliseconds(() => gradients([x, w], dy)));
        tf.env().set('INFNET_WASM_KERNELS', false);
        times.xnnpack.push(milliseconds(forward));
      },
      { iterations: ROUNDS, time: 0, warmupIterations: 2, warmupTime: 0, setup: reset, teardown: tell },
    );

    function reset(): void {
      for (const list of Object.values(times)) list.length = 0;
    }
    function tell(_task: unknown, mode: 'run' | 'warmup'): void {
      if (mode !== 'run') return;
      const operations = 2 * side ** 2 * kernel ** 2 * inputs * outputs;
      const [ours, xnnpack, both] = [times.ours, times.xnnpack, times.both].map(median) as [
        number,
        number,
        number,
      ];
      const rate = (work: number, ms: number): string => (work / ms / 1e6).toFixed(1);
      process.stderr.write(
        `${name}: ${rate(operations, ours)}, XNNPACK ${rate(operations, xnnpack)} (${(ours / xnnpack).toFixed(2)} of its time), ` +
          `gradients ${rate(2 * operations, both - ours)}\n`,
      );
    }
  }
});

function milliseconds(compute: () => tf.TensorContainer): number {
  const begun = performance.now();
  tf.tidy(() => void compute());
  return performance.now() - begun;
}
