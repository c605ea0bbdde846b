import * as tf from '@tensorflow/tfjs';
import { FlatGroups } from './optim/flat-groups.js';
import type { TrainableNetwork } from './model.js';

/** The averaged weights and batch-norm statistics, one element per parameter, and the number of updates. */
export interface AverageState {
  readonly updates: number;
  readonly parameters: Float32Array;
  readonly buffers: Float32Array;
}

interface Part {
  readonly groups: FlatGroups;
  average: tf.Tensor1D[];
}

/**
 * Exponential moving average of a model's weights and batch-norm statistics: `a ← d a + (1 − d) w`.
 *
 * The decay starts low, `min(decay, (1 + t) / (10 + t))`, so that the random initial weights are soon forgotten.
 */
export class WeightAverage {
  readonly #decay: number;
  readonly #parts: readonly Part[];
  #updates = 0;

  constructor(model: Pick<TrainableNetwork, 'parameters' | 'buffers'>, decay: number) {
    this.#decay = decay;
    this.#parts = [model.parameters(), model.buffers()].map((variables) => {
      const groups = new FlatGroups(variables.values());
      return { groups, average: groups.gather() };
    });
  }

  /** Takes the model's present weights into the average. */
  update(): void {
    this.#updates += 1;
    const decay = Math.min(this.#decay, (1 + this.#updates) / (10 + this.#updates));
    for (const part of this.#parts) {
      for (const [group, now] of part.groups.gather().entries()) {
        const before = part.average[group] as tf.Tensor1D; // [N]
        part.average[group] = tf.tidy(() => before.mul<tf.Tensor1D>(decay).add(now.mul(1 - decay)));
        tf.dispose([before, now]);
      }
    }
  }

  /** Puts the average into the model for as long as `run` takes, then the training weights back, bit for bit. */
  async during<T>(run: () => Promise<T>): Promise<T> {
    const putBack = this.#exchange();
    try {
      return await run();
    } finally {
      putBack();
    }
  }

  /** {@link during} for what does not wait. */
  within<T>(run: () => T): T {
    const putBack = this.#exchange();
    try {
      return run();
    } finally {
      putBack();
    }
  }

  #exchange(): () => void {
    const training = this.#parts.map((part) => part.groups.gather());
    this.adopt();
    return () => {
      for (const [index, part] of this.#parts.entries()) part.groups.scatter(training[index] ?? []);
      tf.dispose(training);
    };
  }

  /** Puts the average into the model for good. */
  adopt(): void {
    for (const part of this.#parts) part.groups.scatter(part.average);
  }

  async state(): Promise<AverageState> {
    const [parameters, buffers] = await Promise.all(
      this.#parts.map((part) => part.groups.read(part.average)),
    );
    return {
      updates: this.#updates,
      parameters: parameters as Float32Array,
      buffers: buffers as Float32Array,
    };
  }

  restore(state: AverageState): void {
    this.#updates = state.updates;
    for (const [index, all] of [state.parameters, state.buffers].entries()) {
      const part = this.#parts[index] as Part;
      tf.dispose(part.average);
      part.average = part.groups.write(all);
    }
  }

  dispose(): void {
    for (const part of this.#parts) tf.dispose(part.average);
  }
}
