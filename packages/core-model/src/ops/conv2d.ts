import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from './with-gradient.js';
import { zeroInsert } from './zero-insert.js';

/** Geometry of a convolution, PyTorch's way: the same padding on both sides, output size rounded down. */
export interface ConvGeometry {
  readonly stride?: number;
  /** Zeros on each side, [rows, columns] or one number for both. */
  readonly pad?: number | readonly [number, number];
  /** Distance of kernel taps; more than 1 only with stride 1. */
  readonly dilation?: number;
  /** The input is data: spare its gradient, which then is not given. Default false. */
  readonly constantInput?: boolean;
}

type Padding = [[number, number], [number, number], [number, number], [number, number]];

/**
 * 2-D convolution without bias, forward by the backend, gradients of our own: tfjs refuses the gradient of a dilated
 * convolution, and its wasm backend has no filter gradient at all.
 *
 * Both gradients are convolutions again. The input's is the zero-inserted `dy` against the turned kernel; the
 * kernel's is the input read with channels as batch and batch as channels, against `dy` as a kernel as large as the
 * output, where stride and dilation change places.
 *
 * @param x [B,H,W,C]
 * @param kernel [kh,kw,C,D] (HWIO)
 * @returns [B,H',W',D]
 */
export function conv2d(x: tf.Tensor4D, kernel: tf.Tensor4D, geometry: ConvGeometry = {}): tf.Tensor4D {
  const { stride = 1, dilation = 1 } = geometry;
  const [padRows, padColumns] = bothPads(geometry.pad ?? 0);
  const inputs = geometry.constantInput === true ? [kernel] : [x, kernel];
  return withGradient(inputs, () => ({
    value: convolve(x, kernel, stride, dilation, [padRows, padRows], [padColumns, padColumns]),
    saved: [x, kernel],
    backward: (dy, saved) => {
      const [savedX, savedKernel] = saved as [tf.Tensor4D, tf.Tensor4D];
      const dKernel = kernelGradient(dy, savedX, savedKernel.shape, stride, dilation, padRows, padColumns);
      return inputs.length === 1
        ? [dKernel]
        : [inputGradient(dy, savedKernel, savedX.shape, stride, dilation, padRows, padColumns), dKernel];
    },
  }));
}

/**
 * A convolution with bias for the inference form, [B,H,W,C] to [B,H',W',D]; the activation is fused into the kernel.
 * It has no gradient.
 */
export function fusedConv2d(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  bias: tf.Tensor1D,
  geometry: ConvGeometry,
  activation: 'linear' | 'relu',
): tf.Tensor4D {
  const [padRows, padColumns] = bothPads(geometry.pad ?? 0);
  return tf.fused.conv2d({
    x,
    filter: kernel,
    bias,
    strides: geometry.stride ?? 1,
    dilations: geometry.dilation ?? 1,
    pad: padding([padRows, padRows], [padColumns, padColumns]),
    dimRoundingMode: 'floor',
    activation,
  });
}

function bothPads(pad: number | readonly [number, number]): readonly [number, number] {
  return typeof pad === 'number' ? [pad, pad] : pad;
}

function padding(rows: [number, number], columns: [number, number]): Padding {
  return [[0, 0], rows, columns, [0, 0]];
}

/** [B,H,W,C] and [kh,kw,C,D] to [B,H',W',D]; `rows` and `columns` are the zeros before and after. It has no gradient. */
export function convolve(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  stride: number,
  dilation: number,
  rows: [number, number],
  columns: [number, number],
): tf.Tensor4D {
  return tf.conv2d(x, kernel, stride, padding(rows, columns), 'NHWC', dilation, 'floor');
}

function inputGradient(
  dy: tf.Tensor4D,
  kernel: tf.Tensor4D,
  [, height, width]: readonly [number, number, number, number],
  stride: number,
  dilation: number,
  padRows: number,
  padColumns: number,
): tf.Tensor4D {
  const [kh, kw] = kernel.shape;
  const spread = zeroInsert(dy, stride); // [B,h*s,w*s,D]
  const [before, after] = adjointPads(spread.shape[1], height, dilation * (kh - 1), padRows);
  const [left, right] = adjointPads(spread.shape[2], width, dilation * (kw - 1), padColumns);
  const rows = spread.shape[1] + Math.min(0, after);
  const columns = spread.shape[2] + Math.min(0, right);
  const cropped = after < 0 || right < 0 ? tf.slice4d(spread, [0, 0, 0, 0], [-1, rows, columns, -1]) : spread;
  return convolve(
    cropped,
    turnKernel(kernel),
    1,
    dilation,
    [before, Math.max(0, after)],
    [left, Math.max(0, right)],
  );
}

/** Zeros around the zero-inserted `dy` so that the turned kernel gives back `size` pixels; negative: pixels too many. */
function adjointPads(spread: number, size: number, reach: number, pad: number): [number, number] {
  const before = reach - pad;
  return [before, size - spread - before + reach];
}

/** [kh,kw,C,D] to [kh,kw,D,C], turned by 180 degrees. By gathering taps: `tf.reverse` goes value by value on wasm. */
function turnKernel(kernel: tf.Tensor4D): tf.Tensor4D {
  const [kh, kw, inputs, outputs] = kernel.shape;
  const taps = kh * kw;
  const flat = tf.reshape(kernel, [taps, inputs * outputs]);
  const backwards = Array.from({ length: taps }, (_, i) => taps - 1 - i);
  const turned = taps === 1 ? flat : tf.gather(flat, tf.tensor1d(backwards, 'int32'));
  const swapped = tf.transpose(tf.reshape(turned, [taps, inputs, outputs]), [0, 2, 1]); // [taps,D,C]
  return tf.reshape(swapped, [kh, kw, outputs, inputs]);
}

/** From `dy` and the input to the gradient of the kernel, [kh,kw,C,D]. */
export function kernelGradient(
  dy: tf.Tensor4D,
  x: tf.Tensor4D,
  [kh, kw, inputs, outputs]: readonly [number, number, number, number],
  stride: number,
  dilation: number,
  padRows: number,
  padColumns: number,
): tf.Tensor4D {
  const [, height, width] = x.shape;
  const [batch, outHeight, outWidth] = dy.shape;
  if (kh === 1 && kw === 1 && stride === 1 && padRows === 0 && padColumns === 0) {
    const pixels = batch * height * width;
    const channelsFirst = tf.transpose(tf.reshape(x, [pixels, inputs])) as tf.Tensor2D; // [C,BHW]
    const product = tf.matMul(channelsFirst, tf.reshape(dy, [pixels, outputs])); // [C,D]
    return tf.reshape(product, [1, 1, inputs, outputs]);
  }
  const batchAsChannels = tf.transpose(x, [3, 1, 2, 0]); // [C,H,W,B]
  const dyAsKernel = tf.transpose(dy, [1, 2, 0, 3]); // [h,w,B,D]
  const after = (size: number, out: number, taps: number, pad: number): number =>
    (out - 1) * stride + dilation * (taps - 1) + 1 - size - pad;
  const bottom = after(height, outHeight, kh, padRows);
  const right = after(width, outWidth, kw, padColumns);
  const used = // rows and columns that the strided kernel never reached
    bottom < 0 || right < 0
      ? tf.slice4d(
          batchAsChannels,
          [0, 0, 0, 0],
          [-1, height + Math.min(0, bottom), width + Math.min(0, right), -1],
        )
      : batchAsChannels;
  const rows: [number, number] = [padRows, Math.max(0, bottom)];
  const columns: [number, number] = [padColumns, Math.max(0, right)];
  const product = convolve(used, dyAsKernel, dilation, stride, rows, columns); // [C,kh,kw,D]
  return tf.transpose(product, [1, 2, 0, 3]);
}
