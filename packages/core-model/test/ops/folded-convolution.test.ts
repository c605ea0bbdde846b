import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ShapeError } from '../../src/index.js';
import { hasKernels } from '../../src/kernels/index.js';
import { conv2d, type Epilogue, FoldedConvolution } from '../../src/ops/index.js';
import { onEachBackend } from '../backends.js';
import { maxDifference, noise } from '../values.js';
import type { ConvCase } from './conv-case.js';

/** Pixels and outputs that fill tiles of five by eight, and that do not; taps that lie side by side, outside, and apart. */
const CASES: readonly ConvCase[] = [
  { image: [1, 5, 5], kernel: [1, 1, 4, 8] },
  { image: [1, 1, 1], kernel: [1, 1, 3, 1] },
  { image: [2, 3, 7], kernel: [1, 1, 7, 17] },
  { image: [2, 11, 9], kernel: [3, 3, 5, 26], geometry: { pad: 1 } },
  { image: [1, 9, 12], kernel: [3, 3, 8, 16], geometry: { pad: 1, stride: 2 } },
  { image: [1, 13, 14], kernel: [3, 3, 6, 9], geometry: { pad: 3, dilation: 3 } },
  { image: [1, 8, 8], kernel: [1, 7, 3, 8], geometry: { pad: [0, 3] } },
  { image: [1, 8, 8], kernel: [5, 1, 3, 8], geometry: { pad: [2, 0] } },
  { image: [1, 6, 6], kernel: [3, 3, 2, 3] },
  // by Winograd's algorithm: sides that are even and not, channels and outputs that are multiples of four and eight and not
  { image: [2, 12, 10], kernel: [3, 3, 16, 24], geometry: { pad: 1 } },
  { image: [1, 11, 9], kernel: [3, 3, 26, 26], geometry: { pad: 1 } },
  { image: [2, 5, 7], kernel: [3, 3, 17, 19] },
  { image: [1, 1, 2], kernel: [3, 3, 16, 16], geometry: { pad: 2 } },
];

onEachBackend(() => {
  for (const { image, kernel, geometry = {} } of CASES) {
    it(`${image.join('x')} by ${kernel.join('x')}, ${JSON.stringify(geometry)}: bias, gate, residual, ReLU`, async () => {
      const [x, w] = [noise([...image, kernel[2]]), noise([...kernel], 2)];
      const bias = biasOf(kernel[3]);
      const sums = byTensorFlow(() => conv2d(x, w, geometry));
      const [batch, rows, columns] = sums.shape;
      const gate = noise([batch, rows, columns, 1], 4);
      const residual = noise(sums.shape, 5);
      const folded = new FoldedConvolution(tf.clone(w), tf.clone(bias), geometry);
      for (const epilogue of [{}, { relu: true }, { gate }, { residual }, { gate, residual, relu: true }]) {
        const { gate: factor, residual: more, relu = false }: Epilogue = epilogue;
        const biased = tf.add(factor ? tf.mul(sums, factor) : sums, bias);
        const all = more ? tf.add(biased, more) : biased;
        const expected = await (relu ? tf.relu(all) : all).data();
        expect(maxDifference(await folded.apply(x, epilogue).data(), expected)).toBeLessThan(1e-4);
      }
      folded.dispose();
    });
  }
});

/** Without our kernels. */
function byTensorFlow<T>(compute: () => T): T {
  const ours = tf.env().getBool('INFNET_WASM_KERNELS');
  tf.env().set('INFNET_WASM_KERNELS', false);
  const result = compute();
  tf.env().set('INFNET_WASM_KERNELS', ours);
  return result;
}

function biasOf(outputs: number): tf.Tensor1D {
  return tf.linspace(-1, 1, outputs);
}

describe('a convolution folded on wasm', () => {
  beforeAll(() => tf.setBackend('wasm'));
  afterEach(() => tf.setBackend('wasm'));

  it('computes the same on another backend, and again on wasm', async () => {
    expect(hasKernels()).toBe(true);
    const before = tf.memory().numTensors;
    const x = noise([1, 6, 5, 3]);
    const folded = new FoldedConvolution(noise([3, 3, 3, 10], 2), biasOf(10), { pad: 1 });
    const results: Float32Array[] = [];
    for (const backend of ['wasm', 'cpu', 'wasm']) {
      await tf.setBackend(backend);
      const y = folded.apply(x, { relu: true });
      results.push((await y.data()) as Float32Array);
      y.dispose();
    }
    const [first, second, third] = results;
    expect(maxDifference(second!, first!)).toBeLessThan(1e-5);
    expect(third).toEqual(first);
    folded.dispose();
    x.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([3, 17])('refuses other channels than its %i, and whole numbers', (channels) => {
    const folded = new FoldedConvolution(noise([3, 3, channels, 16]), biasOf(16), { pad: 1 });
    expect(() => folded.apply(tf.zeros([1, 5, 5, channels + 1]))).toThrow(ShapeError);
    expect(() => folded.apply(tf.zeros([1, 5, 5, channels], 'int32'))).toThrow(ShapeError);
    folded.dispose();
  });

  it('says that the memory is full, and goes on', async () => {
    const folded = new FoldedConvolution(tf.ones([1, 1, 1, 4096]), tf.zeros([4096]), {});
    const [small, large] = [tf.ones<tf.Rank.R4>([1, 1, 1, 1]), tf.ones<tf.Rank.R4>([1, 512, 512, 1])]; // 4 GiB out
    expect(() => folded.apply(large)).toThrow(/no room for 1x512x512x4096/);
    expect((await folded.apply(small).data())[4095]).toBe(1);
    folded.dispose();
  });

  it('passes on what is not a number, as all of TensorFlow.js does', async () => {
    const folded = new FoldedConvolution(tf.ones([1, 1, 2, 9]), tf.zeros([9]), {});
    const y = folded.apply(tf.tensor4d([NaN, 1, 2, 3], [1, 1, 2, 2]), { relu: true });
    expect([...(await y.data())]).toEqual([...Array<number>(9).fill(NaN), ...Array<number>(9).fill(5)]);
    folded.dispose();
  });
});
