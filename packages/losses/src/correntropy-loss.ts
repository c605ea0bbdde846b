import * as tf from '@tensorflow/tfjs-core';
import { checkPair, LossError } from './errors.js';
import { withGradient } from './with-gradient.js';

export interface CorrentropyOptions {
  /** Width of the Gaussian kernel, in units of probability. Small: more robust, flatter far away. Default 0.5. */
  readonly sigma?: number;
}

/**
 * Correntropy-induced loss (C-loss), which the paper names (section III, loss function) as a more robust choice, without
 * a formula. This is the one of Singh, Pokharel and Principe, "The C-loss function for pattern classification", Pattern
 * Recognition 47 (2014), on the error `e = G - sigmoid(x)`: the mean over the batch's pixels of
 * `(1 - exp(-e^2 / (2 sigma^2))) / (1 - exp(-1 / (2 sigma^2)))`. In [0,1]; 1 where every pixel is wholly wrong. Near the
 * truth it acts as the squared error, far from it it is bounded: a wrongly labelled pixel costs at most 1.
 *
 * @param logits [B,H,W,C]
 * @param mask [B,H,W,C] in [0,1]: lesion mask or edge
 * @throws {LossError} for other shapes, or a sigma that is not above 0.001.
 */
export function correntropyLoss(
  logits: tf.Tensor4D,
  mask: tf.Tensor4D,
  { sigma = 0.5 }: CorrentropyOptions = {},
): tf.Scalar {
  checkPair(logits, mask);
  if (!(Number.isFinite(sigma) && sigma >= 1e-3)) {
    throw new LossError(
      'invalid-option',
      `sigma is ${sigma}`,
      'give a width of at least 0.001; 0.5 is usual',
    );
  }
  const sharpness = 1 / (2 * sigma ** 2);
  const share = -1 / (Math.expm1(-sharpness) * logits.size);
  return withGradient(logits, () => {
    const p = tf.sigmoid(logits);
    const error = tf.sub(p, mask);
    const exponent = tf.mul(tf.square(error), -sharpness); // [B,H,W,C]
    const slope = tf.mul(p, tf.sub(1, p)); // of the sigmoid
    const pull = tf.mul(tf.mul(tf.exp(exponent), error), 2 * sharpness * share);
    return {
      value: tf.mul(tf.sum(tf.expm1(exponent)), -share),
      gradient: tf.mul(pull, slope),
    };
  });
}
