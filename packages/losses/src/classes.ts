import * as tf from '@tensorflow/tfjs-core';
import { checkPair, LossError } from './errors.js';

/** Keeps quotients and logarithms finite, as in the released code. */
export const EPSILON = 1e-10;

export interface ClassOptions {
  /** Indices of the channels that count. Default: all. */
  readonly classes?: readonly number[];
}

/** The channels that count in a loss over classes. */
export interface ClassSelection {
  readonly count: number;
  /** [1,1,1,C]: 1 for a channel that counts, 0 for any other. */
  readonly selected: tf.Tensor4D;
}

/** @throws {LossError} unless the shapes agree and every class is a channel, named once. */
export function selectClasses(
  probabilities: tf.Tensor4D,
  truth: tf.Tensor4D,
  { classes }: ClassOptions,
): ClassSelection {
  checkPair(probabilities, truth);
  const channels = probabilities.shape[3];
  const wanted = new Set(classes ?? Array.from({ length: channels }, (_, i) => i));
  const sound = [...wanted].every((index) => Number.isInteger(index) && index >= 0 && index < channels);
  if (!sound || wanted.size === 0 || wanted.size !== (classes?.length ?? channels)) {
    throw new LossError(
      'invalid-option',
      `classes are [${[...(classes ?? [])].join(',')}] of ${channels} channels`,
      `name channels from 0 to ${channels - 1}, each once`,
    );
  }
  const flags = Array.from({ length: channels }, (_, i) => (wanted.has(i) ? 1 : 0));
  return { count: wanted.size, selected: tf.tensor4d(flags, [1, 1, 1, channels]) };
}

/** Sums over each image's pixels, [B,H,W,C] to [B,1,1,C]. */
export function sumPerChannel(x: tf.Tensor): tf.Tensor4D {
  return tf.sum(x, [1, 2], true);
}
