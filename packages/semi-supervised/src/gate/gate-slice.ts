import { normaliseSlices } from '@infnet/core-model';
import * as tf from '@tensorflow/tfjs';
import { drawVariation, type AugmentMode } from '../augment/draw.js';
import { varySlice } from '../augment/vary.js';
import type { PreparedSample } from '../data/sample.js';
import { Random } from '../random.js';
import type { LabelledSlice } from '../task.js';

/** What a slice gate sits behind; `InfNet` of `@infnet/core-model` fits. */
export interface SliceEncoder {
  /** @param images [B,H,W,3], normalised; @returns [B,1,1,C] */
  sliceFeatures(images: tf.Tensor4D): tf.Tensor4D;
}

/** A slice as a gate is trained on it: what a frozen encoder makes of it, computed once. */
export interface GateSlice extends LabelledSlice {
  /** Whether anything is marked in its mask. */
  readonly infected: boolean;
  /** The slice as it is, then varied ones. */
  readonly vectors: readonly Float32Array[];
}

/** How slices are encoded. */
export interface EncodeOptions {
  /** Varied copies of each slice beside the slice itself. */
  readonly copies: number;
  readonly augment: AugmentMode;
  readonly seed: number;
  /** Copies in one forward pass. */
  readonly batchSize: number;
  readonly signal?: AbortSignal | undefined;
}

/** Encodes slices and varied copies of them. What a copy looks like depends on the seed, its number and the slice's id. */
export async function encodeSlices(
  encoder: SliceEncoder,
  samples: readonly PreparedSample[],
  { copies, augment, seed, batchSize, signal }: EncodeOptions,
): Promise<GateSlice[]> {
  const slices: GateSlice[] = [];
  for (const { id, image, mask, size, hasForeground } of samples) {
    const pictures: (Uint8Array | Float32Array)[] = [image];
    for (let copy = 1; copy <= copies; copy++) {
      const variation = drawVariation(augment, Random.of(seed, 'gate', copy, id));
      pictures.push(varySlice(image, mask, size, variation).image);
    }
    const vectors: Float32Array[] = [];
    for (let begin = 0; begin < pictures.length; begin += batchSize) {
      signal?.throwIfAborted();
      vectors.push(...(await encode(encoder, pictures.slice(begin, begin + batchSize), size)));
    }
    // That nothing is marked is no reason to warn here: a gate learns from both kinds.
    slices.push({ id, infected: hasForeground, hasForeground: true, vectors });
  }
  return slices;
}

async function encode(
  encoder: SliceEncoder,
  pictures: readonly ArrayLike<number>[],
  size: number,
): Promise<Float32Array[]> {
  const features = tf.tidy(() => encoder.sliceFeatures(normaliseSlices(pictures, size, size))); // [B,1,1,C]
  const values = await features.data<'float32'>();
  const length = values.length / pictures.length;
  features.dispose();
  return pictures.map((_, i) => values.slice(i * length, (i + 1) * length));
}
