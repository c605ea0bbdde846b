import { normaliseSlices } from '@infnet/core-model';
import * as tf from '@tensorflow/tfjs';
import { drawVariation } from '../augment/draw.js';
import { morphologicalGradient } from '../augment/morphological-gradient.js';
import { varySlice } from '../augment/vary.js';
import { Random } from '../random.js';
import type { Recipe } from '../recipe.js';
import { resizeAlignCorners, scaledSize } from './align-corners.js';
import type { PreparedSample } from './sample.js';

/** Slices of one optimiser step; each picture is row-major, `size` × `size`, one after the other. */
export interface Batch {
  readonly ids: readonly string[];
  readonly size: number;
  /** 0 … 255 */
  readonly images: Float32Array;
  /** 0 … 1, as are the edges */
  readonly masks: Float32Array;
  readonly edges: Float32Array;
  /** How far each pixel's label is to be trusted, 0 … 1. Absent: altogether. */
  readonly certainty?: Float32Array;
}

/** A batch on the backend. */
export interface BatchTensors {
  /** [B,H,W,3], normalised with the ImageNet mean and deviation. */
  readonly images: tf.Tensor4D;
  /** [B,H,W,1], 0 … 1. */
  readonly masks: tf.Tensor4D;
  /** [B,H,W,1], 0 … 1. */
  readonly edges: tf.Tensor4D;
  /** [B,H,W,1], 0 … 1. */
  readonly certainty?: tf.Tensor4D;
}

/**
 * Augments and scales the slices of a batch. What a slice looks like depends only on the seed, the epoch and its id.
 *
 * @param options.scale multi-scale factor; image, mask and edge are resized alike
 */
export function composeBatch(
  samples: readonly PreparedSample[],
  recipe: Pick<Recipe, 'size' | 'augment' | 'edgeTarget'>,
  options: { readonly seed: number; readonly epoch: number; readonly scale: number },
): Batch {
  const size = scaledSize(recipe.size, options.scale);
  const pixels = size * size;
  const batch: Batch = {
    ids: samples.map((sample) => sample.id),
    size,
    images: new Float32Array(samples.length * pixels),
    masks: new Float32Array(samples.length * pixels),
    edges: new Float32Array(samples.length * pixels),
    ...(samples.some(({ uncertainty }) => uncertainty) && {
      certainty: new Float32Array(samples.length * pixels).fill(1),
    }),
  };
  for (const [index, sample] of samples.entries()) {
    const random = Random.of(options.seed, 'augment', options.epoch, sample.id);
    const variation = drawVariation(recipe.augment, random);
    const { image, mask } = varySlice(sample.image, sample.mask, sample.size, variation);
    const edge =
      recipe.edgeTarget === 'mask'
        ? morphologicalGradient(mask, sample.size, sample.size)
        : varySlice(sample.image, sample.edge, sample.size, variation).mask;
    batch.images.set(resizeAlignCorners(image, sample.size, size), index * pixels);
    batch.masks.set(resizeAlignCorners(mask, sample.size, size), index * pixels);
    batch.edges.set(resizeAlignCorners(edge, sample.size, size), index * pixels);
    if (sample.uncertainty) {
      const doubt = varySlice(sample.image, sample.uncertainty, sample.size, variation).mask;
      const certain = resizeAlignCorners(doubt, sample.size, size).map((value) => 1 - value);
      batch.certainty?.set(certain, index * pixels);
    }
  }
  return batch;
}

/** Slices as they are, for validation. */
export function plainBatch(samples: readonly PreparedSample[], size: number): Batch {
  const recipe = { size, augment: 'none', edgeTarget: 'file' } as const;
  return composeBatch(samples, recipe, { seed: 0, epoch: 0, scale: 1 });
}

/** The part of a batch from slice `begin` up to, not including, slice `end`. */
export function partOfBatch(batch: Batch, begin: number, end: number): Batch {
  const pixels = batch.size * batch.size;
  const cut = (pictures: Float32Array): Float32Array => pictures.subarray(begin * pixels, end * pixels);
  return {
    ids: batch.ids.slice(begin, end),
    size: batch.size,
    images: cut(batch.images),
    masks: cut(batch.masks),
    edges: cut(batch.edges),
    ...(batch.certainty && { certainty: cut(batch.certainty) }),
  };
}

/** Uploads a batch; the caller disposes of the tensors. */
export function batchTensors(batch: Batch): BatchTensors {
  const { size } = batch;
  const shape: [number, number, number, number] = [batch.ids.length, size, size, 1];
  const slices = batch.ids.map((_, slice) =>
    batch.images.subarray(slice * size * size, (slice + 1) * size * size),
  );
  return {
    images: normaliseSlices(slices, size, size), // [B,H,W,3]
    masks: tf.tensor4d(batch.masks, shape), // [B,H,W,1]
    edges: tf.tensor4d(batch.edges, shape), // [B,H,W,1]
    ...(batch.certainty && { certainty: tf.tensor4d(batch.certainty, shape) }), // [B,H,W,1]
  };
}
