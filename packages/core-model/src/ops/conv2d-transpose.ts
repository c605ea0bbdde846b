import * as tf from '@tensorflow/tfjs-core';
import { hasKernels } from '../kernels/index.js';
import { tapsFor } from './conv-geometry.js';
import { convolve, padding } from './convolve.js';
import { inputGradient } from './input-gradient.js';
import { kernelGradient } from './kernel-gradient.js';
import { withGradient } from './with-gradient.js';

/** Geometry of a transposed convolution, PyTorch's way. */
export interface ConvTransposeGeometry {
  readonly stride: number;
  /** Rows and columns cut off on each side. */
  readonly pad: number;
}

/**
 * Transposed convolution without bias, PyTorch's `ConvTranspose2d`: the adjoint of a strided `conv2d`, so that its own
 * gradients are that convolution and that convolution's kernel gradient. (tfjs has no filter gradient on wasm.)
 *
 * @param x [B,h,w,C]
 * @param kernel [kh,kw,D,C]
 * @returns [B,H,W,D], H = (h - 1) * stride + kh - 2 * pad
 */
export function conv2dTranspose(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  { stride, pad }: ConvTransposeGeometry,
): tf.Tensor4D {
  const [batch, h, w] = x.shape;
  const [kh, kw, outputs] = kernel.shape;
  const height = (h - 1) * stride + kh - 2 * pad;
  const width = (w - 1) * stride + kw - 2 * pad;
  const taps = tapsFor(kernel.shape, { stride, pad });
  return withGradient([x, kernel], () => ({
    value: hasKernels()
      ? inputGradient(x, kernel, [batch, height, width, outputs], taps)
      : tf.conv2dTranspose(
          x,
          kernel,
          [batch, height, width, outputs],
          stride,
          padding([pad, pad], [pad, pad]),
          'floor',
        ),
    saved: [x, kernel],
    backward: (dy, saved) => {
      const [savedX, savedKernel] = saved as [tf.Tensor4D, tf.Tensor4D];
      return [convolve(dy, savedKernel, taps), kernelGradient(savedX, dy, taps)];
    },
  }));
}
