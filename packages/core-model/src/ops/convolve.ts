import * as tf from '@tensorflow/tfjs-core';
import { convolvePacked, hasKernels, packKernel, type Taps } from '../kernels/index.js';
import { onWasm } from './on-wasm.js';
import { pointwise } from './pointwise.js';

/** Zeros before and after, along one axis of an image. */
export type Ends = readonly [before: number, after: number];

/** How tfjs wants padding to be said. */
export function padding([top, bottom]: Ends, [left, right]: Ends): Padding {
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}

type Padding = [[number, number], [number, number], [number, number], [number, number]];

/** A convolution without gradient, [B,H,W,C] and [kh,kw,C,D] to [B,H',W',D], output size rounded down. */
export function convolve(x: tf.Tensor4D, kernel: tf.Tensor4D, taps: Taps): tf.Tensor4D {
  if (hasKernels()) return tf.tidy(() => convolvePacked(x, packKernel(kernel, taps), kernel.shape[3], taps));
  const [rows, columns] = taps.pad;
  return convolveUnevenly(x, kernel, taps, [rows, rows], [columns, columns]);
}

/** By the backend's own convolution, whose zeros need not be as many on both sides. */
export function convolveUnevenly(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  { stride, dilation }: Pick<Taps, 'stride' | 'dilation'>,
  rows: Ends,
  columns: Ends,
): tf.Tensor4D {
  const pads = padding(rows, columns);
  if (onWasm() && isPointwise(kernel.shape, stride, pads.flat())) return pointwise(x, kernel);
  return tf.conv2d(x, kernel, stride, pads, 'NHWC', dilation, 'floor');
}

/** Whether each pixel of a convolution's result comes of one pixel, the same one. */
export function isPointwise([kh, kw]: readonly number[], stride: number, pads: readonly number[]): boolean {
  return kh === 1 && kw === 1 && stride === 1 && pads.every((pad) => pad === 0);
}
