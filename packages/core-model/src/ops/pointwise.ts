import * as tf from '@tensorflow/tfjs-core';
import { onWasm } from './on-wasm.js';

/**
 * A 1x1 convolution as a product of matrices, [B,H,W,C] and [1,1,C,D] to [B,H,W,D]. wasm's convolution transposes a kernel
 * that it has not seen before value by value, and after each training step it has seen none; its product does not.
 */
export function pointwise(x: tf.Tensor4D, kernel: tf.Tensor4D): tf.Tensor4D {
  const [batch, height, width] = x.shape;
  const product = tf.matMul(asMatrix(x), asMatrix(kernel)); // [BHW,D]
  return tf.reshape(product, [batch, height, width, kernel.shape[3]]);
}

/** The gradient of `pointwise` for x: [B,H,W,D] and [1,1,C,D] to [B,H,W,C]. */
export function pointwiseInputGradient(dy: tf.Tensor4D, kernel: tf.Tensor4D): tf.Tensor4D {
  const [batch, height, width, outputs] = dy.shape;
  const inputs = kernel.shape[2];
  const pixels = batch * height * width;
  const weights = asMatrix(kernel); // [C,D]
  const product =
    onWasm() && pixels * (inputs + outputs) < inputs * outputs
      ? tf.transpose(tf.matMul(weights, tf.transpose(asMatrix(dy)))) // few pixels: spare the weights' transpose
      : tf.matMul(asMatrix(dy), tf.transpose(weights)); // [BHW,C]
  return tf.reshape(product, [batch, height, width, inputs]);
}

/**
 * The gradient of `pointwise` for the kernel: [B,H,W,D] and [B,H,W,C] to [1,1,C,D]. wasm packs the second factor by columns, so
 * that of two long ones the narrower had better be the second.
 */
export function pointwiseKernelGradient(dy: tf.Tensor4D, x: tf.Tensor4D): tf.Tensor4D {
  const [inputs, outputs] = [x.shape[3], dy.shape[3]];
  const pixels = x.size / inputs;
  const product =
    onWasm() && inputs < outputs && pixels > 2 * outputs
      ? tf.transpose(tf.matMul(tf.transpose(asMatrix(dy)), asMatrix(x)))
      : tf.matMul(tf.transpose(asMatrix(x)), asMatrix(dy)); // [C,D]
  return tf.reshape(product, [1, 1, inputs, outputs]);
}

/** All but the last axis as rows. */
function asMatrix(x: tf.Tensor4D): tf.Tensor2D {
  return tf.reshape(x, [-1, x.shape[3]]);
}
