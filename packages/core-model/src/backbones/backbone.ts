import type * as tf from '@tensorflow/tfjs-core';
import type { ForwardContext } from '../layers/context.js';
import type { Unit } from '../layers/unit.js';

/**
 * The paper's f2 ... f5: ever smaller, ever deeper features of an image, [B,H/4,W/4,.] ... [B,H/32,W/32,.]; of VGG16
 * [B,H/2,W/2,.] ... [B,H/16,W/16,.].
 */
export interface BackboneFeatures {
  readonly f2: tf.Tensor4D;
  readonly f3: tf.Tensor4D;
  readonly f4: tf.Tensor4D;
  readonly f5: tf.Tensor4D;
}

export interface BackboneChannels {
  readonly f2: number;
  readonly f3: number;
  readonly f4: number;
  readonly f5: number;
}

/** What Inf-Net needs of a backbone. */
export interface Backbone {
  readonly channels: BackboneChannels;
  readonly units: readonly Unit[];
  forward(images: tf.Tensor4D, context: ForwardContext): BackboneFeatures;
}
