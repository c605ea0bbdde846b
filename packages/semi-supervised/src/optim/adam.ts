import * as tf from '@tensorflow/tfjs';
import type { FlatGroups } from './flat-groups.js';
import { Moments, type Optimiser, type OptimiserState } from './optimiser.js';

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/**
 * Adam (Kingma and Ba, 2015) in PyTorch's form, betas 0.9 and 0.999, epsilon 1e-8 added after the bias correction:
 *
 *     m ← β₁ m + (1 − β₁) g        v ← β₂ v + (1 − β₂) g²
 *     w ← w − lr / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)
 *
 * TensorFlow.js's own Adam adds epsilon elsewhere and cannot be saved exactly.
 */
export class Adam implements Optimiser {
  readonly #parameters: FlatGroups;
  readonly #moments: Moments<'m' | 'v'>;
  #step = 0;

  constructor(parameters: FlatGroups) {
    this.#parameters = parameters;
    this.#moments = new Moments(parameters, ['m', 'v']);
  }

  apply(gradients: readonly tf.Tensor1D[], learningRate: number): void {
    this.#step += 1;
    const rate = learningRate / (1 - BETA1 ** this.#step);
    const correction = Math.sqrt(1 - BETA2 ** this.#step);
    tf.tidy(() => {
      const updated = this.#parameters.gather().map((weights, group) => {
        const g = gradients[group] as tf.Tensor1D; // [N]
        const m = this.#moments
          .get('m', group)
          .mul<tf.Tensor1D>(BETA1)
          .add<tf.Tensor1D>(g.mul(1 - BETA1));
        const v = this.#moments
          .get('v', group)
          .mul<tf.Tensor1D>(BETA2)
          .add<tf.Tensor1D>(g.mul(g).mul(1 - BETA2));
        this.#moments.set('m', group, m);
        this.#moments.set('v', group, v);
        const scale = v.sqrt().div(correction).add(EPSILON);
        return weights.sub<tf.Tensor1D>(m.div(scale).mul(rate));
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
