import * as tf from '@tensorflow/tfjs-core';
import { ShapeError } from '../errors.js';
import { CHANNEL_DEVIATION, CHANNEL_MEAN } from '../inf-net/normalise-slices.js';
import { concatChannels } from '../ops/index.js';

/**
 * The input of a network with `prior` (paper section III-D): behind the slice's three channels an infection map, as
 * three channels more and normalised alike. (Released code: the map is a grey picture read in colour. It trains on the
 * ground truth's mask and tests on Semi-Inf-Net's map.)
 *
 * @param images [B,H,W,3], normalised (see `normaliseSlices`)
 * @param infection [B,H,W,1], probabilities or a mask in [0,1]
 * @returns [B,H,W,6]
 * @throws {ShapeError} where the two do not fit
 */
export function guidedImages(images: tf.Tensor4D, infection: tf.Tensor4D): tf.Tensor4D {
  const [batch, height, width, channels] = images.shape;
  if (channels !== 3 || infection.shape.join() !== [batch, height, width, 1].join()) {
    throw new ShapeError(
      'invalid-shape',
      `images have shape [${images.shape.join(',')}], the infection map [${infection.shape.join(',')}]`,
      'give [batch, height, width, 3] and [batch, height, width, 1]',
    );
  }
  return tf.tidy(() => {
    const centred = tf.sub(infection, tf.tensor1d([...CHANNEL_MEAN])); // [B,H,W,3]
    const normalised = tf.div(centred, tf.tensor1d([...CHANNEL_DEVIATION])) as tf.Tensor4D;
    return concatChannels([images, normalised]);
  });
}
