import * as tf from '@tensorflow/tfjs-core';
import {
  convolvePacked,
  type Epilogue,
  hasKernels,
  packKernel,
  type PackedKernel,
  type Taps,
  unpackKernel,
} from '../kernels/index.js';
import { type ConvGeometry, tapsFor } from './conv-geometry.js';
import { padding } from './convolve.js';

/**
 * A convolution with bias for the inference form: it has no gradient. It owns its kernel, [kh,kw,C,D], and its bias, [D]. The
 * kernel is packed where the backend in use has our kernels; for others, should they compute later, it is unpacked each
 * time, or kept beside the packed one where that is rounded.
 */
export class FoldedConvolution {
  readonly #size: readonly [number, number, number, number];
  readonly #taps: Taps;
  readonly #packed: PackedKernel | undefined;
  readonly #plain: tf.Tensor4D | undefined;
  readonly #bias: tf.Tensor1D;

  constructor(kernel: tf.Tensor4D, bias: tf.Tensor1D, geometry: ConvGeometry) {
    this.#size = kernel.shape;
    this.#taps = tapsFor(this.#size, geometry);
    this.#packed = hasKernels() ? packKernel(kernel, this.#taps) : undefined;
    if (this.#packed) tf.keep(this.#packed.values);
    if (this.#packed?.layout === 'taps') kernel.dispose();
    else this.#plain = tf.keep(kernel);
    this.#bias = tf.keep(bias);
  }

  /** [B,H,W,C] to [B,H',W',D] */
  apply(x: tf.Tensor4D, epilogue: Epilogue = {}): tf.Tensor4D {
    if (this.#packed && hasKernels()) {
      return convolvePacked(x, this.#packed, this.#size[3], this.#taps, { ...epilogue, bias: this.#bias });
    }
    if (this.#plain) return this.#byBackend(x, this.#plain, epilogue);
    return tf.tidy(() => this.#byBackend(x, unpackKernel(this.#packed!.values, this.#size), epilogue));
  }

  dispose(): void {
    tf.dispose([this.#packed?.values, this.#plain, this.#bias]);
  }

  #byBackend(x: tf.Tensor4D, filter: tf.Tensor4D, { gate, residual, relu = false }: Epilogue): tf.Tensor4D {
    const { stride, dilation, pad } = this.#taps;
    const [rows, columns] = pad;
    const convolution = {
      x,
      filter,
      strides: stride,
      dilations: dilation,
      pad: padding([rows, rows], [columns, columns]),
      dimRoundingMode: 'floor',
    } as const;
    if (!gate && !residual) {
      return tf.fused.conv2d({ ...convolution, bias: this.#bias, activation: relu ? 'relu' : 'linear' });
    }
    const sums = gate
      ? tf.add(tf.mul(tf.fused.conv2d(convolution), gate), this.#bias)
      : tf.fused.conv2d({ ...convolution, bias: this.#bias });
    const all = (residual ? tf.add(sums, residual) : sums) as tf.Tensor4D;
    return relu ? tf.relu(all) : all;
  }
}
