import type * as tf from '@tensorflow/tfjs';
import type { FlatGroups } from './flat-groups.js';
import { MomentOptimiser, type UpdateInput, type UpdateResult } from './optimiser.js';

/**
 * Stochastic gradient descent with momentum in PyTorch's form, without dampening or weight decay:
 * `b ← momentum · b + g; w ← w − lr · b`. The first step's buffer is the gradient itself, which zeros give too.
 */
export class Sgd extends MomentOptimiser<'b'> {
  readonly #momentum: number;

  constructor(parameters: FlatGroups, momentum: number) {
    super(parameters, ['b']);
    this.#momentum = momentum;
  }

  protected update({ weights, gradient, moments, learningRate }: UpdateInput<'b'>): UpdateResult<'b'> {
    const b = moments.b.mul<tf.Tensor1D>(this.#momentum).add<tf.Tensor1D>(gradient); // [N]
    return { weights: weights.sub(b.mul(learningRate)), moments: { b } };
  }
}
