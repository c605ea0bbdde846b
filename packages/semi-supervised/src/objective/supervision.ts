import {
  deepSupervisionLoss,
  signedDistance,
  surfaceLoss,
  type DeepSupervisionOptions,
} from '@infnet/losses';
import * as tf from '@tensorflow/tfjs';
import type { Batch, BatchTensors } from '../data/batch.js';
import type { SideOutputs } from '../model.js';
import type { Recipe } from '../recipe.js';
import { rampUp, rampLength } from './ramp-up.js';

/** How the maps of labelled slices are held against their labels. */
export interface SupervisionOptions extends DeepSupervisionOptions {
  /**
   * Factor on the boundary loss of S_3 when it is all in: `surfaceLoss` of its probabilities on signed distances in pixels
   * (Kervadec et al., MIDL 2019, who begin with 0.01). Default 0: none.
   */
  readonly boundaryWeight?: number;
  /** Optimiser steps until it is; see `rampUp`. Default 0: from the start. */
  readonly boundaryRampUpSteps?: number;
}

/** What a recipe says of it, for a run on `slices` slices; the boundary loss comes in as `rampLength` says. */
export function supervisionOf(recipe: Recipe, slices: number): SupervisionOptions {
  const { loss: compat, boundaryLoss = 0 } = recipe;
  if (boundaryLoss === 0) return { compat };
  return { compat, boundaryWeight: boundaryLoss, boundaryRampUpSteps: rampLength(recipe, slices) };
}

/**
 * Computes what needs no gradient, and gives the loss of a batch's maps: `deepSupervisionLoss` and, where there is one, the
 * boundary loss. Where a batch says how far its labels are to be trusted, that counts in both. Call inside a tidy.
 */
export function supervision(
  batch: Batch,
  { masks: mask, edges: edge, certainty }: BatchTensors,
  step: number,
  { boundaryWeight = 0, boundaryRampUpSteps = 0, ...options }: SupervisionOptions,
): (maps: SideOutputs) => tf.Scalar {
  const targets = { mask, edge, ...(certainty && { certainty }) };
  if (boundaryWeight === 0) return (maps) => deepSupervisionLoss(maps, targets, options);
  const factor = boundaryWeight * rampUp(step, boundaryRampUpSteps);
  const distances = distancesOf(batch); // [B,H,W,1]
  const trusted = certainty ? distances.mul<tf.Tensor4D>(certainty) : distances; // [B,H,W,1]
  return (maps) =>
    deepSupervisionLoss(maps, targets, options).add(surfaceLoss(maps.s3.sigmoid(), trusted).mul(factor));
}

/** Signed distances in pixels to the boundary of each mask, [B,H,W,1]. */
function distancesOf({ ids, size, masks }: Batch): tf.Tensor4D {
  const pixels = size * size;
  const distances = new Float32Array(masks.length);
  for (let begin = 0; begin < masks.length; begin += pixels) {
    distances.set(signedDistance(masks.subarray(begin, begin + pixels), size, size), begin);
  }
  return tf.tensor4d(distances, [ids.length, size, size, 1]);
}
