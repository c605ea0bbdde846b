import type * as tf from '@tensorflow/tfjs-core';
import { ShapeError } from '../errors.js';
import type { NetworkTraits } from './segmentation-network.js';

/** @throws {ShapeError} for images that the network cannot take. */
export function checkImages(
  images: tf.Tensor4D,
  { inputChannels, inputMultiple, minimumSize }: NetworkTraits,
): void {
  const shape = images.shape as readonly number[];
  if (shape.length !== 4 || shape[3] !== inputChannels) {
    throw new ShapeError(
      'invalid-shape',
      `images have shape [${shape.join(',')}]`,
      `give [batch, height, width, ${inputChannels}]`,
    );
  }
  const fits = (side: number): boolean => side >= minimumSize && side % inputMultiple === 0;
  if (!fits(shape[1]!) || !fits(shape[2]!) || images.size === 0) {
    throw new ShapeError(
      'invalid-size',
      `images are ${shape[1]}x${shape[2]}`,
      inputMultiple === 1
        ? `resize them so that each side is at least ${minimumSize}`
        : `resize them so that each side is a multiple of ${inputMultiple}, at least ${minimumSize}`,
    );
  }
}
