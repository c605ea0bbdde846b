import * as tf from '@tensorflow/tfjs';

/**
 * Clamps every element to ± `limit`; null leaves it. The released code's `clip_gradient` does this: it is not a clip
 * of the norm, so the direction changes where the clamp bites. Takes ownership of the vectors it is given.
 */
export function clipElements(gradients: tf.Tensor1D[], limit: number | null): tf.Tensor1D[] {
  if (limit === null) return gradients;
  return gradients.map((gradient) => {
    const clipped = tf.clipByValue(gradient, -limit, limit); // [N]
    gradient.dispose();
    return clipped;
  });
}
