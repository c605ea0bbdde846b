import * as tf from '@tensorflow/tfjs-core';
import { InfNet } from '../inf-net/inf-net.js';
import { normaliseSlices } from '../inf-net/normalise-slices.js';
import type { SegmentationNetwork } from '../network/segmentation-network.js';
import type { SliceGate } from '../slice-gate/slice-gate.js';
import type { PoolSlice } from './slice-pool.js';

/** What is found in slices of one size. */
export interface Prediction {
  /** [B,height,width,classes] */
  readonly probability: Float32Array;
  /** [B]; only where there is a gate. */
  readonly infected?: Float32Array;
}

/** Predicts slices of one size together. */
export type Predictor = (slices: readonly PoolSlice[]) => Promise<Prediction>;

/** How a network predicts: alone, or with the gate of its encoder. */
export function predictor(network: SegmentationNetwork, gate: SliceGate | undefined): Predictor {
  return async (slices) => {
    const { height, width } = slices[0]!;
    const images = normaliseSlices(
      slices.map(({ data }) => data),
      height,
      width,
    ); // [B,H,W,3]
    const tensors = tf.tidy(() => run(network, gate, images));
    try {
      const probability = (await tensors.probability.data()) as Float32Array;
      const infected = (await tensors.infected?.data()) as Float32Array | undefined;
      return { probability, ...(infected && { infected }) };
    } finally {
      tf.dispose([images, ...Object.values(tensors)]);
    }
  };
}

function run(
  network: SegmentationNetwork,
  gate: SliceGate | undefined,
  images: tf.Tensor4D,
): { readonly probability: tf.Tensor4D; readonly infected?: tf.Tensor4D } {
  if (gate === undefined || !(network instanceof InfNet)) return { probability: network.predict(images) };
  const { probability, features } = network.predictWithFeatures(images); // [B,H,W,1], [B,1,1,2C]
  return { probability, infected: gate.predict(features) }; // [B,1,1,1]
}
