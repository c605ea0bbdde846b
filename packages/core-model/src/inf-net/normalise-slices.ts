import * as tf from '@tensorflow/tfjs-core';
import { ShapeError } from '../errors.js';

/** ImageNet's channel means, by which the reference normalises values in [0,1]; and their deviations. */
export const CHANNEL_MEAN = [0.485, 0.456, 0.406] as const;
export const CHANNEL_DEVIATION = [0.229, 0.224, 0.225] as const;

/**
 * Grey slices as the network's input: repeated to three channels and normalised by the ImageNet statistics.
 *
 * @param slices values 0 ... 255, row by row, each of `height * width`.
 * @returns [B,height,width,3]
 * @throws {ShapeError} where a slice has another number of values.
 */
export function normaliseSlices(
  slices: readonly ArrayLike<number>[],
  height: number,
  width: number,
): tf.Tensor4D {
  const pixels = height * width;
  const values = new Float32Array(slices.length * pixels * 3);
  slices.forEach((slice, b) => {
    if (slice.length !== pixels) {
      throw new ShapeError(
        'invalid-size',
        `slice ${b} has ${slice.length} values, not ${height}x${width}`,
        'resize each slice to the network size first',
      );
    }
    for (let i = 0; i < pixels; i++) {
      const grey = Math.fround(slice[i]! / 255);
      for (let c = 0; c < 3; c++) {
        const centred = Math.fround(grey - Math.fround(CHANNEL_MEAN[c]!));
        values[(b * pixels + i) * 3 + c] = centred / Math.fround(CHANNEL_DEVIATION[c]!);
      }
    }
  });
  return tf.tensor4d(values, [slices.length, height, width, 3]);
}
