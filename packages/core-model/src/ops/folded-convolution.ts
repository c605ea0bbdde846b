import * as tf from '@tensorflow/tfjs-core';
import {
  convolvePacked,
  type Finish,
  hasKernels,
  packKernel,
  type PackedKernel,
  unpackKernel,
} from '../kernels/index.js';
import { type ConvGeometry, tapsFor } from './conv-geometry.js';
import { padding } from './convolve.js';

/** What a convolution with bias does besides: times `gate`, before the bias, plus `residual`, behind it, ReLU at last. */
export type Epilogue = Omit<Finish, 'bias'>;

/**
 * A convolution with bias for the inference form: it has no gradient. It owns its kernel, [kh,kw,C,D], and its bias, [D]. The
 * kernel is packed where the backend in use has our kernels; computed elsewhere later, it is unpacked each time.
 */
export class FoldedConvolution {
  readonly #size: readonly [number, number, number, number];
  readonly #kernel: { readonly plain: tf.Tensor4D } | { readonly packed: PackedKernel };
  readonly #bias: tf.Tensor1D;
  readonly #geometry: ConvGeometry;

  constructor(kernel: tf.Tensor4D, bias: tf.Tensor1D, geometry: ConvGeometry) {
    this.#size = kernel.shape;
    this.#kernel = hasKernels() ? { packed: tf.keep(packKernel(kernel)) } : { plain: tf.keep(kernel) };
    this.#bias = tf.keep(bias);
    this.#geometry = geometry;
    if ('packed' in this.#kernel) kernel.dispose();
  }

  /** [B,H,W,C] to [B,H',W',D] */
  apply(x: tf.Tensor4D, epilogue: Epilogue = {}): tf.Tensor4D {
    if ('plain' in this.#kernel) return this.#byBackend(x, this.#kernel.plain, epilogue);
    const { packed } = this.#kernel;
    if (hasKernels()) return this.#byPacked(x, packed, epilogue);
    return tf.tidy(() => this.#byBackend(x, unpackKernel(packed, this.#size), epilogue));
  }

  dispose(): void {
    tf.dispose([this.#kernel, this.#bias]);
  }

  #byPacked(x: tf.Tensor4D, packed: PackedKernel, epilogue: Epilogue): tf.Tensor4D {
    const taps = tapsFor(this.#size, this.#geometry);
    return convolvePacked(x, packed, this.#size[3], taps, { ...epilogue, bias: this.#bias });
  }

  #byBackend(x: tf.Tensor4D, filter: tf.Tensor4D, { gate, residual, relu = false }: Epilogue): tf.Tensor4D {
    const {
      stride,
      dilation,
      pad: [rows, columns],
    } = tapsFor(this.#size, this.#geometry);
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
