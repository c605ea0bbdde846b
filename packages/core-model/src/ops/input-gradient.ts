import * as tf from '@tensorflow/tfjs-core';
import { hasKernels, inputGradientPacked, packAdjointKernel, type Taps } from '../kernels/index.js';
import { convolveUnevenly, isPointwise } from './convolve.js';
import { onWasm } from './on-wasm.js';
import { pointwiseInputGradient } from './pointwise.js';
import { zeroInsert } from './zero-insert.js';

/**
 * The gradient of a convolution for its input. Where our kernels do not run: the zero-inserted `dy` against the turned kernel.
 *
 * @param dy [B,H',W',D]
 * @param kernel [kh,kw,C,D]
 * @returns [B,H,W,C], of the input's shape
 */
export function inputGradient(
  dy: tf.Tensor4D,
  kernel: tf.Tensor4D,
  shape: readonly [number, number, number, number],
  taps: Taps,
): tf.Tensor4D {
  if (hasKernels())
    return tf.tidy(() => inputGradientPacked(dy, packAdjointKernel(kernel, taps), shape, taps));
  const [, height, width] = shape;
  const { stride, dilation, pad } = taps;
  if (isPointwise(kernel.shape, stride, pad)) return pointwiseInputGradient(dy, kernel);
  const [kh, kw] = kernel.shape;
  const spread = zeroInsert(dy, stride); // [B,h*s,w*s,D]
  const [before, after] = adjointPads(spread.shape[1], height, dilation * (kh - 1), pad[0]);
  const [left, right] = adjointPads(spread.shape[2], width, dilation * (kw - 1), pad[1]);
  const rows = spread.shape[1] + Math.min(0, after);
  const columns = spread.shape[2] + Math.min(0, right);
  const cropped = after < 0 || right < 0 ? tf.slice4d(spread, [0, 0, 0, 0], [-1, rows, columns, -1]) : spread;
  return convolveUnevenly(
    cropped,
    turnKernel(kernel),
    { stride: 1, dilation },
    [before, Math.max(0, after)],
    [left, Math.max(0, right)],
  );
}

/** Zeros around the zero-inserted `dy` so that the turned kernel gives back `size` pixels; negative: pixels too many. */
function adjointPads(spread: number, size: number, reach: number, pad: number): [number, number] {
  const before = reach - pad;
  return [before, size - spread - before + reach];
}

/** [kh,kw,C,D] to [kh,kw,D,C], turned by 180 degrees. */
function turnKernel(kernel: tf.Tensor4D): tf.Tensor4D {
  const [kh, kw, inputs, outputs] = kernel.shape;
  const taps = kh * kw;
  const flat = tf.reshape(kernel, [taps, inputs * outputs]) as tf.Tensor2D;
  const turned = taps === 1 ? flat : backwards(flat);
  const swapped = tf.transpose(tf.reshape(turned, [taps, inputs, outputs]), [0, 2, 1]); // [taps,D,C]
  return tf.reshape(swapped, [kh, kw, outputs, inputs]);
}

/** The rows of [N,M] in the opposite order. On wasm, both `tf.reverse` and `tf.gather` go value by value. */
function backwards(rows: tf.Tensor2D): tf.Tensor2D {
  const count = rows.shape[0];
  const order = Array.from({ length: count }, (_, i) => count - 1 - i);
  if (!onWasm()) return tf.gather(rows, tf.tensor1d(order, 'int32'));
  const exchange = new Float32Array(count * count); // the unit matrix, backwards
  for (const [i, from] of order.entries()) exchange[i * count + from] = 1;
  return tf.matMul(tf.tensor2d(exchange, [count, count]), rows);
}
