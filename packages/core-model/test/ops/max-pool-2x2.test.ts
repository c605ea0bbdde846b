import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { maxPool2x2 } from '../../src/ops/index.js';
import { onEachBackend } from '../backends.js';
import { expectGradients } from './expect-gradients.js';

onEachBackend(() => {
  for (const [height, width] of [
    [8, 6],
    [7, 5],
  ] as const) {
    it(`takes the maximum of each 2x2 cell of ${height}x${width}, and its gradient`, async () => {
      const size = 2 * height * width * 3;
      // Well apart, so that the step of the difference quotient moves no maximum.
      const values = Array.from({ length: size }, (_, i) => ((i * 37) % size) - 60);
      const x = tf.tensor4d(values, [2, height, width, 3]);
      await expectGradients((y) => maxPool2x2(y as tf.Tensor4D), [x]);
      const [h, w] = [Math.floor(height / 2), Math.floor(width / 2)];
      const y = maxPool2x2(x);
      expect(y.shape).toEqual([2, h, w, 3]);
      const at = (b: number, row: number, column: number, c: number): number =>
        values[((b * height + row) * width + column) * 3 + c]!;
      const expected = Array.from({ length: y.size }, (_, i) => {
        const [c, column] = [i % 3, Math.floor(i / 3) % w];
        const [row, b] = [Math.floor(i / (3 * w)) % h, Math.floor(i / (3 * w * h))];
        const cell = [0, 1, 2, 3].map((k) => at(b, 2 * row + (k >> 1), 2 * column + (k & 1), c));
        return Math.max(...cell);
      });
      expect([...(await y.data())]).toEqual(expected);
    });
  }

  it('sends the gradient of a tie to the first maximum', async () => {
    const dx = tf.grad((x) => maxPool2x2(x as tf.Tensor4D))(tf.ones([1, 4, 2, 1]));
    expect([...(await dx.data())]).toEqual([1, 0, 0, 0, 1, 0, 0, 0]);
  });
});
