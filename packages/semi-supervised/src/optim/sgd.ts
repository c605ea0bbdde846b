import type * as tf from '@tensorflow/tfjs';
import type { FlatGroups } from './flat-groups.js';
import { MomentOptimiser, type UpdateInput, type UpdateResult } from './optimiser.js';

/**
 * Stochastic gradient descent with momentum and weight decay in PyTorch's form, without dampening:
 * `g ← g + decay · w; b ← momentum · b + g; w ← w − lr · b`. The first step's buffer is the gradient itself, which zeros
 * give too.
 */
export class Sgd extends MomentOptimiser<'b'> {
  readonly #momentum: number;
  readonly #weightDecay: number;

  constructor(parameters: FlatGroups, momentum: number, weightDecay = 0) {
    super(parameters, ['b']);
    this.#momentum = momentum;
    this.#weightDecay = weightDecay;
  }

  protected update({ weights, gradient, moments, learningRate }: UpdateInput<'b'>): UpdateResult<'b'> {
    const decayed =
      this.#weightDecay > 0 ? gradient.add<tf.Tensor1D>(weights.mul(this.#weightDecay)) : gradient; // [N]
    const b = moments.b.mul<tf.Tensor1D>(this.#momentum).add<tf.Tensor1D>(decayed); // [N]
    return { weights: weights.sub(b.mul(learningRate)), moments: { b } };
  }
}
