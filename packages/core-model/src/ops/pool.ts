import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from './with-gradient.js';
import { zeroInsert } from './zero-insert.js';

type Ring = [[number, number], [number, number], [number, number], [number, number]];
/** One ring of pixels around an image, spelled out: libtensorflow knows no other way to say it. */
const RING: Ring = [
  [0, 0],
  [1, 1],
  [1, 1],
  [0, 0],
];

/** A depthwise 3x3 kernel, the same for each channel: [3,3,C,1]. */
function depthwiseKernel(values: readonly number[], channels: number): tf.Tensor4D {
  return tf.mul(tf.tensor4d(values as number[], [3, 3, 1, 1]), tf.ones([1, 1, channels, 1]));
}

/**
 * Average over 3x3 with one ring of zeros that count (always divided by 9), [B,H,W,C] to [B,H',W',C] with
 * H' = floor((H - 1) / stride) + 1. PyTorch's `AvgPool2d(3, stride, 1)`.
 */
export function averagePool3x3(x: tf.Tensor4D, stride: 1 | 2): tf.Tensor4D {
  const [, height, width, channels] = x.shape;
  const box = (input: tf.Tensor4D, step: 1 | 2): tf.Tensor4D =>
    tf.depthwiseConv2d(
      input,
      depthwiseKernel(Array(9).fill(1 / 9), channels),
      step,
      RING,
      'NHWC',
      1,
      'floor',
    );
  return withGradient([x], () => ({
    value: box(x, stride),
    saved: [],
    backward: (dy) => [box(cropTo(zeroInsert(dy, stride), height, width), 1)],
  }));
}

/**
 * Average over 2x2, stride 2, a last odd row or column averaged over what is there: [B,H,W,C] to
 * [B,ceil(H/2),ceil(W/2),C]. PyTorch's `AvgPool2d(2, 2, ceil_mode=True, count_include_pad=False)`.
 */
export function averagePool2x2(x: tf.Tensor4D): tf.Tensor4D {
  const [, height, width] = x.shape;
  return withGradient([x], () => ({
    value: tf.avgPool(x, 2, 2, 'same'),
    saved: [],
    backward: (dy) => {
      const share = tf.mul(dy, inverseCounts(height, width)) as tf.Tensor4D; // [B,h,w,C]
      const [, h, w] = share.shape;
      return [cropTo(tf.image.resizeNearestNeighbor(share, [2 * h, 2 * w]), height, width)];
    },
  }));
}

/** One over the number of pixels in each 2x2 cell of an image, [1,ceil(H/2),ceil(W/2),1]. */
function inverseCounts(height: number, width: number): tf.Tensor4D {
  const side = (size: number): number[] =>
    Array.from({ length: Math.ceil(size / 2) }, (_, i) => (2 * i + 1 < size ? 1 / 2 : 1));
  const rows = side(height);
  const columns = side(width);
  return tf.mul(tf.tensor4d(rows, [1, rows.length, 1, 1]), tf.tensor4d(columns, [1, 1, columns.length, 1]));
}

/**
 * Maximum over 3x3, stride 2, one ring of minus infinity: [B,H,W,C] to [B,H',W',C] with H' = floor((H - 1) / 2) + 1.
 * The gradient goes to the first maximum of each window, row by row, as in PyTorch. (The wasm backend's own gradient
 * is wrong for more than one image or channel. libtensorflow's is right, and pools without a ring only.)
 */
export function maxPool3x3(x: tf.Tensor4D): tf.Tensor4D {
  if (tf.getBackend() === 'tensorflow') {
    return tf.maxPool(tf.pad4d(x, RING, -Infinity), 3, 2, 'valid');
  }
  return withGradient([x], () => {
    const y = tf.maxPool(x, 3, 2, 1, 'floor');
    return {
      value: y,
      saved: [x, y],
      backward: (dy, saved) => [maxPoolGradient(dy, saved[0] as tf.Tensor4D, saved[1] as tf.Tensor4D)],
    };
  });
}

function maxPoolGradient(dy: tf.Tensor4D, x: tf.Tensor4D, y: tf.Tensor4D): tf.Tensor4D {
  const [, height, width, channels] = x.shape;
  // Outside the image a tap reads 0; lifting everything above 0 keeps it from ever being a maximum there.
  const lift = tf.sub(1, tf.min(x));
  const liftedX = tf.add(x, lift) as tf.Tensor4D;
  const liftedY = tf.add(y, lift);
  let open = tf.onesLike(y); // 1 where no earlier tap was the maximum
  let dx = tf.zerosLike(x);
  for (let tap = 0; tap < 9; tap++) {
    [open, dx] = tf.tidy(() => {
      const at = Array.from({ length: 9 }, (_, i) => (i === tap ? 1 : 0));
      const seen = tf.depthwiseConv2d(liftedX, depthwiseKernel(at, channels), 2, RING, 'NHWC', 1, 'floor'); // [B,h,w,C]
      const below = tf.step(tf.sub(liftedY, seen)); // 0 where this tap is a maximum
      const routed = tf.mul(dy, tf.sub(open, tf.mul(open, below))) as tf.Tensor4D;
      const spread = cropTo(zeroInsert(routed, 2), height, width);
      const back = depthwiseKernel(at.slice().reverse(), channels);
      return [tf.mul(open, below), tf.add(dx, tf.depthwiseConv2d(spread, back, 1, RING))] as [
        tf.Tensor4D,
        tf.Tensor4D,
      ];
    });
  }
  return dx;
}

/** The upper left `height` x `width` of an image. */
function cropTo(x: tf.Tensor4D, height: number, width: number): tf.Tensor4D {
  return x.shape[1] === height && x.shape[2] === width
    ? x
    : tf.slice4d(x, [0, 0, 0, 0], [-1, height, width, -1]);
}
