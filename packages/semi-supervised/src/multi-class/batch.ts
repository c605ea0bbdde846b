import { channelOf, guidedImages, normaliseSlices } from '@infnet/core-model';
import * as tf from '@tensorflow/tfjs';
import { drawVariation, type Variation } from '../augment/draw.js';
import { varySlice } from '../augment/vary.js';
import { resizeAlignCorners, scaledSize } from '../data/align-corners.js';
import type { TrainingBatch } from '../objective/objective.js';
import { Random } from '../random.js';
import type { Recipe } from '../recipe.js';
import type { BatchPlace } from '../task.js';
import type { PreparedClassSample } from './sample.js';

/** Slices of one optimiser step; each plane is row-major, `size` × `size`, one after the other. */
export interface ClassBatch extends TrainingBatch {
  /** 0 … 255 */
  readonly images: Float32Array;
  /** 0 … 1; null for a network that takes no infection map. */
  readonly priors: Float32Array | null;
  /** Share of each class in each pixel, [B,H,W,C] with the background last; they sum to 1. */
  readonly truths: Float32Array;
}

/**
 * Augments and scales the slices of a batch: image, infection map and classes alike. A class is resampled as a map of its
 * own, so that a pixel on a border belongs to several in part.
 *
 * @param options.classes number of classes, the background not counted
 */
export function composeClassBatch(
  samples: readonly PreparedClassSample[],
  recipe: Pick<Recipe, 'size' | 'augment'>,
  place: Pick<BatchPlace, 'seed' | 'epoch' | 'scale'>,
  options: { readonly classes: number },
): ClassBatch {
  const size = scaledSize(recipe.size, place.scale);
  const pixels = size * size;
  const channels = options.classes + 1;
  const guided = samples.every(({ prior }) => prior !== null);
  const batch: ClassBatch = {
    ids: samples.map(({ id }) => id),
    size,
    images: new Float32Array(samples.length * pixels),
    priors: guided ? new Float32Array(samples.length * pixels) : null,
    truths: new Float32Array(samples.length * pixels * channels),
  };
  for (const [index, sample] of samples.entries()) {
    const random = Random.of(place.seed, 'augment', place.epoch, sample.id);
    const variation = drawVariation(recipe.augment, random);
    const fit = (plane: Float32Array): Float32Array => resizeAlignCorners(plane, sample.size, size);
    const { image, mask } = varySlice(sample.image, sample.prior ?? sample.labels, sample.size, variation);
    batch.images.set(fit(image), index * pixels);
    batch.priors?.set(fit(mask), index * pixels);
    const planes = Array.from({ length: options.classes }, (_, i) =>
      fit(classPlane(sample, i + 1, variation)),
    );
    putTruth(batch.truths.subarray(index * pixels * channels, (index + 1) * pixels * channels), planes);
  }
  return batch;
}

/** Where a class is after the variation, 0 … 1. */
function classPlane(
  { image, labels, size }: PreparedClassSample,
  label: number,
  variation: Variation,
): Float32Array {
  const own = labels.map((value) => (value === label ? 255 : 0));
  return varySlice(image, own, size, variation).mask;
}

/** Classes in their channels, and what is left of a pixel as background. */
function putTruth(truth: Float32Array, planes: readonly Float32Array[]): void {
  const channels = planes.length + 1;
  const background = channelOf(0, channels);
  for (let i = 0; i < truth.length / channels; i++) {
    let rest = 1;
    for (const [index, plane] of planes.entries()) {
      const share = plane[i] as number;
      truth[i * channels + channelOf(index + 1, channels)] = share;
      rest -= share;
    }
    truth[i * channels + background] = Math.max(rest, 0);
  }
}

/** The slices from `begin` up to, not including, `end`. */
export function partOfClassBatch(batch: ClassBatch, begin: number, end: number): ClassBatch {
  const cut = (values: Float32Array): Float32Array => {
    const each = values.length / batch.ids.length;
    return values.subarray(begin * each, end * each);
  };
  return {
    ids: batch.ids.slice(begin, end),
    size: batch.size,
    images: cut(batch.images),
    priors: batch.priors && cut(batch.priors),
    truths: cut(batch.truths),
  };
}

/** Uploads a batch; the caller disposes of the tensors. Images are [B,H,W,3], or [B,H,W,6] with infection maps. */
export function classBatchTensors(batch: ClassBatch): { images: tf.Tensor4D; truth: tf.Tensor4D } {
  const { ids, size, truths } = batch;
  const count = ids.length;
  const truth = tf.tensor4d(truths, [count, size, size, truths.length / (count * size * size)]); // [B,H,W,C]
  return { images: imageTensor(batch), truth };
}

function imageTensor({ ids, size, images, priors }: ClassBatch): tf.Tensor4D {
  const pixels = size * size;
  const slices = ids.map((_, index) => images.subarray(index * pixels, (index + 1) * pixels));
  return tf.tidy(() => {
    const normalised = normaliseSlices(slices, size, size); // [B,H,W,3]
    if (priors === null) return normalised;
    return guidedImages(normalised, tf.tensor4d(priors, [ids.length, size, size, 1])); // [B,H,W,6]
  });
}
