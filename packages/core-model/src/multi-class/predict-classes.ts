import * as tf from '@tensorflow/tfjs-core';
import { ShapeError } from '../errors.js';
import { normaliseSlices } from '../inf-net/normalise-slices.js';
import type { SegmentationNetwork } from '../network/segmentation-network.js';
import type { PoolSlice } from '../pool/slice-pool.js';
import type { ClassActivation } from './class-facts.js';
import { guidedImages } from './guided-images.js';

/** A slice and, for a network with `prior`, the infection map that guides it. */
export interface GuidedSlice extends PoolSlice {
  /** Probabilities in [0,1], row by row, at the slice's size. */
  readonly infection?: Float32Array;
}

/** How probable each class is in each pixel of a slice. */
export interface ClassMaps {
  readonly height: number;
  readonly width: number;
  /** By label, the background (0) first: probabilities in [0,1], row by row. */
  readonly planes: readonly Float32Array[];
}

/**
 * The channel of a label: classes in their order, the background last, as the released code has them.
 *
 * @param classes number of channels, the background's included
 */
export function channelOf(label: number, classes: number): number {
  return label === 0 ? classes - 1 : label - 1;
}

/**
 * Classes of one slice. `activation` is the one that the network was trained with, see {@link ClassFacts}.
 *
 * @param network one of several classes, in either form
 * @throws {ShapeError} for a size that the network does not take, or without the map that it wants
 */
export async function predictClasses(
  network: SegmentationNetwork,
  slice: GuidedSlice,
  { activation }: { readonly activation: ClassActivation },
): Promise<ClassMaps> {
  const { height, width } = slice;
  const probability = tf.tidy(() => {
    const logits = network.forward(imagesOf(network, slice))[network.prediction]!; // [1,H,W,C]
    return activation === 'softmax' ? tf.softmax(logits, 3) : tf.sigmoid(logits);
  });
  const values = await probability.data<'float32'>();
  probability.dispose();
  const { classes } = network;
  const planes = Array.from({ length: classes }, (_, label) => {
    const channel = channelOf(label, classes);
    return Float32Array.from({ length: height * width }, (__, i) => values[i * classes + channel]!);
  });
  return { height, width, planes };
}

/** [1,H,W,3], or [1,H,W,6] for a network with prior. */
function imagesOf(
  { inputChannels }: SegmentationNetwork,
  { data, height, width, infection }: GuidedSlice,
): tf.Tensor4D {
  const images = normaliseSlices([data], height, width); // [1,H,W,3]
  if (inputChannels === 3) return images;
  if (infection?.length !== height * width) {
    throw new ShapeError(
      'invalid-size',
      `the slice has ${height}x${width} pixels, its infection map ${infection?.length ?? 0}`,
      'this network is guided: give a map of probabilities at the size of the slice',
    );
  }
  return guidedImages(images, tf.tensor4d(infection, [1, height, width, 1]));
}

/**
 * The label of the most probable class of every pixel; of equals the smallest.
 *
 * @param planes by label, all of one length
 */
export function mostProbable(planes: readonly ArrayLike<number>[]): Uint8Array {
  return Uint8Array.from(planes[0]!, (_, i) => {
    let best = 0;
    for (let label = 1; label < planes.length; label++) {
      if (planes[label]![i]! > planes[best]![i]!) best = label;
    }
    return best;
  });
}
