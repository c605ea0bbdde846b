import type * as tf from '@tensorflow/tfjs';
import type { FlatGroups } from './flat-groups.js';
import { MomentOptimiser, type UpdateInput, type UpdateResult } from './optimiser.js';

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
export class Adam extends MomentOptimiser<'m' | 'v'> {
  constructor(parameters: FlatGroups) {
    super(parameters, ['m', 'v']);
  }

  protected update(input: UpdateInput<'m' | 'v'>): UpdateResult<'m' | 'v'> {
    const { weights, gradient: g, moments, step, learningRate } = input;
    const rate = learningRate / (1 - BETA1 ** step);
    const correction = Math.sqrt(1 - BETA2 ** step);
    const m = moments.m.mul<tf.Tensor1D>(BETA1).add<tf.Tensor1D>(g.mul(1 - BETA1)); // [N]
    const v = moments.v.mul<tf.Tensor1D>(BETA2).add<tf.Tensor1D>(g.mul(g).mul(1 - BETA2)); // [N]
    const scale = v.sqrt().div(correction).add(EPSILON);
    return { weights: weights.sub(m.div(scale).mul(rate)), moments: { m, v } };
  }
}
