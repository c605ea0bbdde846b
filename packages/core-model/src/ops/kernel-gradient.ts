import * as tf from '@tensorflow/tfjs-core';
import { hasKernels, kernelGradientOnWasm, type Taps } from '../kernels/index.js';
import { convolveUnevenly, isPointwise, padding } from './convolve.js';
import { onWasm } from './on-wasm.js';
import { pointwiseKernelGradient } from './pointwise.js';

/** Elements up to which the shifted copies of `byShifts` may grow: 64 MiB. */
const SHIFTED_ELEMENTS = 2 ** 24;

/**
 * The gradient of a convolution for its kernel.
 *
 * @param dy [B,H',W',D]
 * @param x the input, [B,H,W,C]
 * @returns [kh,kw,C,D]
 */
export function kernelGradient(dy: tf.Tensor4D, x: tf.Tensor4D, taps: Taps): tf.Tensor4D {
  if (hasKernels()) return kernelGradientOnWasm(dy, x, taps);
  const { size, stride, dilation, pad } = taps;
  if (isPointwise(size, stride, pad)) return pointwiseKernelGradient(dy, x);
  if (onWasm() && stride === 1 && dilation === 1) {
    const shifts = shiftsOf(dy, x, taps);
    if (shifts) return byShifts(dy, x, size, shifts);
  }
  return byConvolution(dy, x, taps);
}

/**
 * As a convolution: the input read with channels as batch and batch as channels, against `dy` as a kernel as large as the
 * output, where stride and dilation change places.
 */
function byConvolution(dy: tf.Tensor4D, x: tf.Tensor4D, { size, stride, dilation, pad }: Taps): tf.Tensor4D {
  const [, height, width] = x.shape;
  const [, outHeight, outWidth] = dy.shape;
  const batchAsChannels = tf.transpose(x, [3, 1, 2, 0]); // [C,H,W,B]
  const dyAsKernel = tf.transpose(dy, [1, 2, 0, 3]); // [h,w,B,D]
  const after = (length: number, out: number, axis: 0 | 1): number =>
    (out - 1) * stride + dilation * (size[axis] - 1) + 1 - length - pad[axis];
  const bottom = after(height, outHeight, 0);
  const right = after(width, outWidth, 1);
  const used = // rows and columns that the strided kernel never reached
    bottom < 0 || right < 0
      ? tf.slice4d(
          batchAsChannels,
          [0, 0, 0, 0],
          [-1, height + Math.min(0, bottom), width + Math.min(0, right), -1],
        )
      : batchAsChannels;
  const product = convolveUnevenly(
    used,
    dyAsKernel,
    { stride: dilation, dilation: stride },
    [pad[0], Math.max(0, bottom)],
    [pad[1], Math.max(0, right)],
  ); // [C,kh,kw,D]
  return tf.transpose(product, [1, 2, 0, 3]);
}

/** Images laid out as one line of pixels, in which every tap of a kernel is the same way from its pixel everywhere. */
interface Shifts {
  /** Rows of an image, with the zeros that part it from the next. */
  readonly rows: number;
  /** Columns of a row, likewise. */
  readonly columns: number;
  /** How far before a pixel, and behind it, the first and the last tap lie. */
  readonly before: number;
  readonly behind: number;
}

/** Undefined where the shifted copies would be too large, or the padding is wider than the kernel. */
function shiftsOf(
  dy: tf.Tensor4D,
  x: tf.Tensor4D,
  { size: [kh, kw], pad: [padRows, padColumns] }: Taps,
): Shifts | undefined {
  const [batch, height, width, inputs] = x.shape;
  const outputs = dy.shape[3];
  const rows = batch === 1 ? Math.max(height, dy.shape[1]) : height + padRows;
  const columns = width + padColumns;
  const before = padRows * columns + padColumns;
  const behind = (kh - 1 - padRows) * columns + (kw - 1 - padColumns);
  const elements = kh * kw * Math.min(inputs, outputs) * (batch * rows * columns + before + behind);
  const narrow = padRows < kh && padColumns < kw;
  return narrow && elements <= SHIFTED_ELEMENTS ? { rows, columns, before, behind } : undefined;
}

/**
 * As one product of matrices: a copy of the input for each tap, shifted so that pixels meet the `dy` that they had a part in,
 * or copies of `dy` where that has fewer channels. On wasm up to twice as fast as the convolution, which reads
 * single values there.
 */
function byShifts(
  dy: tf.Tensor4D,
  x: tf.Tensor4D,
  [kh, kw]: readonly [number, number],
  { rows, columns, before, behind }: Shifts,
): tf.Tensor4D {
  const [inputs, outputs] = [x.shape[3], dy.shape[3]];
  const line = (image: tf.Tensor4D): tf.Tensor2D => {
    const [, height, width, channels] = image.shape;
    const spaced = tf.pad4d(image, padding([0, rows - height], [0, columns - width]));
    return tf.reshape(spaced, [-1, channels]);
  };
  const reach = before + behind;
  const shifted = (image: tf.Tensor4D, forward: (tap: number) => number): tf.Tensor2D => {
    const channelsFirst = tf.transpose(line(image)); // [C,N]
    const copies = Array.from({ length: kh * kw }, (_, i) => {
      const by = forward(Math.floor(i / kw) * columns + (i % kw)); // of 0 … reach
      return tf.pad2d(channelsFirst, [
        [0, 0],
        [by, reach - by],
      ]);
    });
    return tf.concat2d(copies, 0); // [kh*kw*C,N+reach]
  };
  const fixed = (image: tf.Tensor4D, by: number): tf.Tensor2D =>
    tf.pad2d(line(image), [
      [by, reach - by],
      [0, 0],
    ]); // [N+reach,C]
  if (inputs <= outputs) {
    const product = tf.matMul(
      shifted(x, (tap) => reach - tap),
      fixed(dy, behind),
    ); // [kh*kw*C,D]
    return tf.reshape(product, [kh, kw, inputs, outputs]);
  }
  const product = tf.matMul(
    shifted(dy, (tap) => tap),
    fixed(x, before),
  ); // [kh*kw*D,C]
  const perTap = tf.transpose(tf.reshape(product, [kh * kw, outputs, inputs]), [0, 2, 1]); // [kh*kw,C,D]
  return tf.reshape(perTap, [kh, kw, inputs, outputs]);
}
