import * as tf from '@tensorflow/tfjs-core';
import { checkMap } from './errors.js';

/** Side of the neighbourhood that a pixel is compared with. */
const WINDOW = 31;

/**
 * Weight of each pixel, large near the lesions' boundaries: `1 + 5 |A(G) - G|` with A the average over 31x31 pixels
 * (released code; the paper leaves the weight to its references [70], [71]). Zeros outside the image count, so an
 * all-lesion mask has weights above 1 along the image's border. Costs two one-dimensional pools; compute it once a
 * batch.
 *
 * @param mask [B,H,W,1] in [0,1]
 * @returns [B,H,W,1] in [1,6]
 * @throws {LossError} for other shapes.
 */
export function boundaryWeight(mask: tf.Tensor4D): tf.Tensor4D {
  checkMap(mask, 'the mask');
  return tf.tidy(() => {
    const reach = (WINDOW - 1) / 2;
    const padded = tf.pad4d(mask, [
      [0, 0],
      [reach, reach],
      [reach, reach],
      [0, 0],
    ]); // zeros that count
    const columns = tf.avgPool(padded, [WINDOW, 1], 1, 'valid'); // [B,H,W+30,1]
    const average = tf.avgPool(columns, [1, WINDOW], 1, 'valid'); // [B,H,W,1]
    return tf.add(tf.mul(tf.abs(tf.sub(average, mask)), 5), 1);
  });
}
