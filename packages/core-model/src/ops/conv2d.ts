import type * as tf from '@tensorflow/tfjs-core';
import { type ConvGeometry, tapsFor } from './conv-geometry.js';
import { convolve } from './convolve.js';
import { inputGradient } from './input-gradient.js';
import { kernelGradient } from './kernel-gradient.js';
import { withGradient } from './with-gradient.js';

/**
 * 2-D convolution without bias, gradients of our own: tfjs refuses the gradient of a dilated convolution, and its wasm
 * backend has no filter gradient at all. By our kernels on wasm; elsewhere by the backend's convolution, of which
 * both gradients are others.
 *
 * @param x [B,H,W,C]
 * @param kernel [kh,kw,C,D] (HWIO)
 * @returns [B,H',W',D]
 */
export function conv2d(x: tf.Tensor4D, kernel: tf.Tensor4D, geometry: ConvGeometry = {}): tf.Tensor4D {
  const taps = tapsFor(kernel.shape, geometry);
  const inputs = geometry.constantInput === true ? [kernel] : [x, kernel];
  return withGradient(inputs, () => ({
    value: convolve(x, kernel, taps),
    saved: [x, kernel],
    backward: (dy, saved) => {
      const [savedX, savedKernel] = saved as [tf.Tensor4D, tf.Tensor4D];
      const dKernel = kernelGradient(dy, savedX, taps);
      return inputs.length === 1 ? [dKernel] : [inputGradient(dy, savedKernel, savedX.shape, taps), dKernel];
    },
  }));
}
