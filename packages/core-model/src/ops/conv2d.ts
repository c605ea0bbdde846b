import * as tf from '@tensorflow/tfjs-core';
import { convolve, padding } from './convolve.js';
import { inputGradient } from './input-gradient.js';
import { kernelGradient } from './kernel-gradient.js';
import { withGradient } from './with-gradient.js';

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

/**
 * 2-D convolution without bias, forward by the backend, gradients of our own: tfjs refuses the gradient of a dilated
 * convolution, and its wasm backend has no filter gradient at all. Both gradients are convolutions again, or products of
 * matrices where wasm is faster so.
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
