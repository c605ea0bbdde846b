import * as tf from '@tensorflow/tfjs-core';
import { channelAffine } from '../ops/channel-affine.js';
import type { ForwardContext } from './context.js';
import { foldedNorm, normalise } from './normalise.js';
import type { NormParameters } from './parameter-store.js';
import type { Unit } from './unit.js';

/** Batch norm before a convolution, with the ReLU between the two: [B,H,W,C] to the same. */
export class Norm implements Unit {
  readonly variables: readonly tf.Variable[];
  readonly #norm: NormParameters;
  #folded: ReturnType<typeof foldedNorm> | undefined;

  constructor(norm: NormParameters) {
    this.#norm = norm;
    this.variables = [norm.gamma, norm.beta];
  }

  forward(x: tf.Tensor4D, context: ForwardContext): tf.Tensor4D {
    if (!this.#folded) return normalise(x, this.#norm, context, true);
    return channelAffine(x, this.#folded.scale, this.#folded.shift, 'relu');
  }

  fold(): void {
    this.#folded = tf.tidy(() => {
      const { scale, shift } = foldedNorm(this.#norm);
      return { scale: tf.keep(scale), shift: tf.keep(shift) };
    });
  }

  dispose(): void {
    if (this.#folded) tf.dispose([this.#folded.scale, this.#folded.shift]);
    this.#folded = undefined;
  }
}
