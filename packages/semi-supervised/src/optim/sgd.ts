import * as tf from '@tensorflow/tfjs';
import type { FlatGroups } from './flat-groups.js';
import { Moments, type Optimiser, type OptimiserState } from './optimiser.js';

/**
 * Stochastic gradient descent with momentum in PyTorch's form, without dampening or weight decay:
 * `b ← momentum · b + g; w ← w − lr · b`. The first step's buffer is the gradient itself, which zeros give too.
 */
export class Sgd implements Optimiser {
  readonly #parameters: FlatGroups;
  readonly #moments: Moments<'b'>;
  readonly #momentum: number;
  #step = 0;

  constructor(parameters: FlatGroups, momentum: number) {
    this.#parameters = parameters;
    this.#momentum = momentum;
    this.#moments = new Moments(parameters, ['b']);
  }

  apply(gradients: readonly tf.Tensor1D[], learningRate: number): void {
    this.#step += 1;
    tf.tidy(() => {
      const updated = this.#parameters.gather().map((weights, group) => {
        const b = this.#moments
          .get('b', group)
          .mul<tf.Tensor1D>(this.#momentum)
          .add<tf.Tensor1D>(gradients[group] as tf.Tensor1D); // [N]
        this.#moments.set('b', group, b);
        return weights.sub<tf.Tensor1D>(b.mul(learningRate));
      });
      this.#parameters.scatter(updated);
    });
  }

  async state(): Promise<OptimiserState> {
    return { step: this.#step, moments: await this.#moments.read() };
  }

  restore(state: OptimiserState): void {
    this.#step = state.step;
    this.#moments.write(state.moments);
  }

  dispose(): void {
    this.#moments.dispose();
  }
}
