import type { SharedBatch } from '@infnet/core-model';
import type * as tf from '@tensorflow/tfjs';
import type { TrainableNetwork } from '../model.js';

/** The items of one optimiser step, in whatever form an objective takes them. */
export interface TrainingBatch {
  /** One of each item; named where something goes wrong. */
  readonly ids: readonly string[];
  /** Side length of the slices in pixels. */
  readonly size: number;
}

/** Where training stands when a loss is asked for. */
export interface Moment<Model> {
  readonly model: Model;
  /** Optimiser steps made before this one. */
  readonly step: number;
  /**
   * Runs `run` with the moving average of weights and statistics in the model, and puts the weights in training back. Where
   * the recipe averages nothing, with those. For {@link Objective.prepare} only: nothing inside is differentiated.
   */
  readonly averaged: <T>(run: () => T) => T;
  /** Where the batch is a part of one that other workers hold the rest of; for the forward pass that is differentiated. */
  readonly sharedBatch?: SharedBatch | undefined;
}

/**
 * What an optimiser step minimises: how a batch becomes tensors and a scalar loss. Everything else (micro-batches,
 * gradients, clipping, optimiser, averaging, checkpoints) is the trainer's, so an objective has no state: what it
 * gives depends on batch, weights and step alone, and a resumed run is the same as an undisturbed one.
 */
export interface Objective<Model extends TrainableNetwork, Batch extends TrainingBatch> {
  /** Name and settings as plain JSON: stored with a run, which can only be taken up with the same ones. */
  readonly description: Readonly<Record<string, unknown>>;
  /** A micro-batch: the items from `begin` up to, not including, `end`. */
  part(batch: Batch, begin: number, end: number): Batch;
  /**
   * Uploads a micro-batch and computes what needs no gradient, such as a teacher's targets. Called inside a tidy.
   *
   * @returns the forward pass and the loss, a mean over the items, to be differentiated
   */
  prepare(batch: Batch, moment: Moment<Model>): () => tf.Scalar;
}
