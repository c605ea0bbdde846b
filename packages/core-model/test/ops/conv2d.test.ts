import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { conv2d, type ConvGeometry } from '../../src/ops/index.js';
import { onEachBackend } from '../backends.js';
import { maxDifference, noise } from '../values.js';
import type { ConvCase } from './conv-case.js';

/** One for each way of computing a gradient, and its edges: few or many pixels, few or many channels, one image or several. */
const CASES: readonly ConvCase[] = [
  { image: [1, 2, 1], kernel: [1, 1, 9, 8] },
  { image: [2, 7, 5], kernel: [1, 1, 2, 6] },
  { image: [2, 7, 5], kernel: [1, 1, 6, 2] },
  { image: [2, 5, 4], kernel: [1, 1, 3, 2], geometry: { pad: 1 } },
  { image: [1, 6, 5], kernel: [3, 3, 2, 4], geometry: { pad: 1 } },
  { image: [3, 6, 5], kernel: [3, 3, 4, 2], geometry: { pad: 1 } },
  { image: [2, 6, 5], kernel: [3, 3, 2, 4] },
  { image: [2, 5, 6], kernel: [2, 4, 3, 2], geometry: { pad: [1, 2] } },
  { image: [1, 5, 6], kernel: [2, 4, 2, 3], geometry: { pad: [1, 3] } },
  { image: [2, 5, 5], kernel: [5, 5, 3, 2], geometry: { pad: 2 } },
  { image: [1, 6, 7], kernel: [3, 3, 18, 17], geometry: { pad: [1, 2] } },
  { image: [2, 7, 6], kernel: [3, 3, 2, 3], geometry: { stride: 2, pad: 1 } },
  { image: [2, 7, 6], kernel: [3, 3, 2, 3], geometry: { dilation: 2, pad: 2 } },
  // 9 shifted copies of 2 channels would be 2.4 times the elements that are allowed for
  { image: [1, 1500, 1500], kernel: [3, 3, 2, 2], geometry: { pad: 1 } },
];

onEachBackend((backend) => {
  for (const { image, kernel, geometry = {} } of CASES) {
    const large = image[1] > 100;
    it.skipIf(large && backend === 'cpu')(
      `conv2d of ${image.join('x')} by ${kernel.join('x')}, ${JSON.stringify(geometry)}: both gradients, sum by sum`,
      async () => {
        const [x, w] = [noise([...image, kernel[2]]), noise([...kernel], 2)];
        const y = conv2d(x, w, geometry);
        // one pixel in a large image, so that the sums written out below stay few
        const dy = large ? onePixel(y.shape) : noise(y.shape, 3);
        const [dx, dw] = tf.grads((a, b) => conv2d(a as tf.Tensor4D, b as tf.Tensor4D, geometry))([x, w], dy);
        const expected = await writtenOut(x, w, dy, geometry);
        expect(maxDifference(await dx!.data(), expected.dx)).toBeLessThan(1e-4);
        expect(maxDifference(await dw!.data(), expected.dw)).toBeLessThan(1e-4);
      },
    );
  }
});

function onePixel(shape: [number, number, number, number]): tf.Tensor4D {
  const values = new Float32Array(shape.reduce((product, side) => product * side));
  values[values.length / 2 + 1] = 1;
  return tf.tensor4d(values, shape);
}

/** The definition, in float64: each output's gradient back to each pixel and weight that it was made of. */
async function writtenOut(
  x: tf.Tensor4D,
  w: tf.Tensor4D,
  dy: tf.Tensor4D,
  { stride = 1, pad = 0, dilation = 1 }: ConvGeometry,
): Promise<{ dx: Float64Array; dw: Float64Array }> {
  const [padRows, padColumns] = typeof pad === 'number' ? [pad, pad] : pad;
  const [xs, ws, dys] = await Promise.all([x.data(), w.data(), dy.data()]);
  const [dx, dw] = [new Float64Array(xs.length), new Float64Array(ws.length)];
  const [, height, width, inputs] = x.shape;
  const [kh, kw, , outputs] = w.shape;
  const [, outHeight, outWidth] = dy.shape;
  for (const [at, slope] of dys.entries()) {
    if (slope === 0) continue;
    const d = at % outputs;
    const column = Math.floor(at / outputs) % outWidth;
    const row = Math.floor(at / outputs / outWidth) % outHeight;
    const image = Math.floor(at / outputs / outWidth / outHeight);
    for (let tap = 0; tap < kh * kw; tap++) {
      const r = row * stride - padRows + dilation * Math.floor(tap / kw);
      const c = column * stride - padColumns + dilation * (tap % kw);
      if (r < 0 || r >= height || c < 0 || c >= width) continue;
      for (let channel = 0; channel < inputs; channel++) {
        const pixel = ((image * height + r) * width + c) * inputs + channel;
        const weight = (tap * inputs + channel) * outputs + d;
        dx[pixel]! += slope * ws[weight]!;
        dw[weight]! += slope * xs[pixel]!;
      }
    }
  }
  return { dx, dw };
}
