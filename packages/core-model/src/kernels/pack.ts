import * as tf from '@tensorflow/tfjs-core';
import { asKernel } from './as-kernel.js';
import { kernels } from './instance.js';
import { addressOf, allocate } from './memory.js';
import { suitsWinograd, type Taps, WINOGRAD_VALUES } from './taps.js';

/** Rows and columns that the kernels compute at once; as in packages/core-model/kernels. */
export const ROWS = 5;
export const LANES = 8;

/** Numbers of a table for so many tiles of so many entries each; see `multiply` in packages/core-model/kernels. */
export function tableLength(tiles: number, entries: number): number {
  return tiles * (2 + entries * (ROWS + 1));
}

/** A convolution's kernel, [kh,kw,C,D], as it is read fastest: D in panels of eight, the last filled up with zeros. */
export type PackedKernel =
  /** [D/8,kh*kw*C,8] */
  | { readonly layout: 'taps'; readonly values: tf.Tensor3D }
  /** Transformed, and so rounded, [16,D/8*C,8]. */
  | { readonly layout: 'winograd'; readonly values: tf.Tensor3D };

/** Packs the kernel of a convolution, [kh,kw,C,D]. */
export function packKernel(kernel: tf.Tensor4D, taps: Taps): PackedKernel {
  const [kh, kw, inputs, outputs] = kernel.shape;
  const rows = kh * kw * inputs;
  const values = asKernel<tf.Rank.R3>('InfnetPackKernel', { kernel }, () => {
    const packed = allocate([Math.ceil(outputs / LANES), rows, LANES]);
    kernels()!.pack(addressOf(kernel), rows, outputs, addressOf(packed));
    return packed;
  });
  return suitsWinograd(taps, inputs, outputs) ? transformed(values) : { layout: 'taps', values };
}

/** Packs the kernel of a convolution's adjoint: turned by 180 degrees, [kh,kw,D,C]. */
export function packAdjointKernel(kernel: tf.Tensor4D, taps: Taps): PackedKernel {
  const [kh, kw, inputs, outputs] = kernel.shape;
  const values = asKernel<tf.Rank.R3>('InfnetPackAdjointKernel', { kernel }, () => {
    const packed = allocate([Math.ceil(inputs / LANES), kh * kw * outputs, LANES]);
    kernels()!.packAdjoint(addressOf(kernel), kh * kw, inputs, outputs, addressOf(packed));
    return packed;
  });
  return suitsWinograd(taps, outputs, inputs) ? transformed(values) : { layout: 'taps', values };
}

/** The kernel of this shape, [kh,kw,C,D], out of the values of its layout `taps`; on any backend. */
export function unpackKernel(
  values: tf.Tensor3D,
  shape: readonly [number, number, number, number],
): tf.Tensor4D {
  const [, rows] = values.shape;
  const wide = tf.reshape(tf.transpose(values, [1, 0, 2]), [rows, -1]) as tf.Tensor2D; // [kh*kw*C,D or more]
  return tf.reshape(tf.slice2d(wide, [0, 0], [-1, shape[3]]), [...shape]);
}

/** Input channels of a packed kernel of D outputs. */
export function inputsOf({ layout, values }: PackedKernel, outputs: number, { size }: Taps): number {
  const [, rows] = values.shape;
  return rows / (layout === 'taps' ? size[0] * size[1] : Math.ceil(outputs / LANES));
}

/** A packed 3x3 kernel, [D/8,9*C,8], transformed; the packed one is freed. */
function transformed(packed: tf.Tensor3D): PackedKernel {
  const [panels, rows] = packed.shape;
  const channels = rows / 9;
  const values = asKernel<tf.Rank.R3>('InfnetTransformKernel', { packed }, () => {
    const result = allocate([WINOGRAD_VALUES, panels * channels, LANES]);
    kernels()!.transformKernel(addressOf(packed), panels, channels, addressOf(result));
    return result;
  });
  packed.dispose();
  return { layout: 'winograd', values };
}
