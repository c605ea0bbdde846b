import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { addBias } from '../../src/ops/index.js';
import { maxDifference, noise, onEachBackend } from '../backends.js';
import { expectGradients } from './expect-gradients.js';

onEachBackend(() => {
  it('adds a value for each channel, with its gradient, also behind a ReLU', async () => {
    const x = noise([2, 5, 4, 3]);
    const bias = tf.tensor1d([0.5, -3, 2]);
    const plain = tf.add(x, bias);
    expect(maxDifference(await addBias(x, bias).data(), await plain.data())).toBeLessThan(1e-6);
    const rectified = await addBias(x, bias, { relu: true }).data();
    expect(maxDifference(rectified, await tf.relu(plain).data())).toBeLessThan(1e-6);
    await expectGradients((y, b) => addBias(y as tf.Tensor4D, b as tf.Tensor1D), [x, bias]);
    // The second channel stays below 0 and the third above it, so that no step crosses the kink.
    const apart = tf.tensor1d([-3, -3, 2]);
    await expectGradients((y, b) => addBias(y as tf.Tensor4D, b as tf.Tensor1D, { relu: true }), [x, apart]);
  });
});
