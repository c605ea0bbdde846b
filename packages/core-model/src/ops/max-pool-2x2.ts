import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from './with-gradient.js';

/**
 * Maximum over 2x2, stride 2, a last odd row or column left out: [B,H,W,C] to [B,floor(H/2),floor(W/2),C]. PyTorch's
 * `MaxPool2d(2)`; the gradient goes to the first maximum of each cell, row by row, as there. (The wasm backend's own
 * gradient is wrong for more than one image or channel.)
 */
export function maxPool2x2(x: tf.Tensor4D): tf.Tensor4D {
  return withGradient([x], () => {
    const y = tf.maxPool(x, 2, 2, 'valid');
    return {
      value: y,
      saved: [x, y],
      backward: (dy, saved) => [maxPoolGradient(dy, saved[0] as tf.Tensor4D, saved[1] as tf.Tensor4D)],
    };
  });
}

function maxPoolGradient(dy: tf.Tensor4D, x: tf.Tensor4D, y: tf.Tensor4D): tf.Tensor4D {
  const [, height, width] = x.shape;
  const [batch, h, w, channels] = y.shape;
  const even = 2 * h === height && 2 * w === width ? x : tf.slice4d(x, [0, 0, 0, 0], [-1, 2 * h, 2 * w, -1]);
  const cells = tf.reshape<tf.Rank.R4>(even, [batch * h, 2, w, 2 * channels]);
  const rows: tf.Tensor4D[] = [];
  let open: tf.Tensor4D = tf.onesLike(y); // 1 where no earlier pixel of the cell was the maximum
  for (const row of [0, 1]) {
    const routed = [0, 1].map((column) => {
      const pixel = tf.slice4d(cells, [0, row, 0, column * channels], [-1, 1, -1, channels]);
      const below: tf.Tensor4D = tf.step(tf.sub(y, tf.reshape(pixel, y.shape))); // 0 where this pixel is the maximum
      const stillOpen: tf.Tensor4D = tf.mul(open, below);
      const share = tf.mul(dy, tf.sub(open, stillOpen));
      open = stillOpen;
      return tf.reshape<tf.Rank.R4>(share, [batch * h, 1, w, channels]);
    });
    rows.push(tf.concat4d(routed, 3)); // [Bh,1,w,2C]
  }
  const dx = tf.reshape<tf.Rank.R4>(tf.concat4d(rows, 1), [batch, 2 * h, 2 * w, channels]);
  return even === x
    ? dx
    : tf.pad4d(dx, [
        [0, 0],
        [0, height - 2 * h],
        [0, width - 2 * w],
        [0, 0],
      ]);
}
