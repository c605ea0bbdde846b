import * as tf from '@tensorflow/tfjs-core';
import { asKernel } from './as-kernel.js';
import { kernels } from './instance.js';
import { addressOf, allocate } from './memory.js';

/** Columns that the kernels compute at once; as in packages/core-model/kernels. */
export const LANES = 8;

/** A convolution's kernel as `convolve` reads it: [ceil(D/8),kh*kw*C,8], filled up with zeros. */
export type PackedKernel = tf.Tensor3D;

/** [kh,kw,C,D] to the packed form. */
export function packKernel(kernel: tf.Tensor4D): PackedKernel {
  const [kh, kw, inputs, outputs] = kernel.shape;
  const rows = kh * kw * inputs;
  return asKernel('InfnetPackKernel', { kernel }, () => {
    const packed = allocate([Math.ceil(outputs / LANES), rows, LANES]);
    kernels()!.pack(addressOf(kernel), rows, outputs, addressOf(packed));
    return packed;
  });
}

/** [kh,kw,C,D] to the packed form of the adjoint convolution's kernel, which is turned by 180 degrees: [ceil(C/8),kh*kw*D,8]. */
export function packAdjointKernel(kernel: tf.Tensor4D): PackedKernel {
  const [kh, kw, inputs, outputs] = kernel.shape;
  return asKernel('InfnetPackAdjointKernel', { kernel }, () => {
    const packed = allocate([Math.ceil(inputs / LANES), kh * kw * outputs, LANES]);
    kernels()!.packAdjoint(addressOf(kernel), kh * kw, inputs, outputs, addressOf(packed));
    return packed;
  });
}

/** The kernel of this shape, [kh,kw,C,D], out of its packed form; on any backend. */
export function unpackKernel(
  packed: PackedKernel,
  shape: readonly [number, number, number, number],
): tf.Tensor4D {
  const [, rows] = packed.shape;
  const wide = tf.reshape(tf.transpose(packed, [1, 0, 2]), [rows, -1]) as tf.Tensor2D; // [kh*kw*C,D or more]
  return tf.reshape(tf.slice2d(wide, [0, 0], [-1, shape[3]]), [...shape]);
}
