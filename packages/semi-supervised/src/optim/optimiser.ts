import * as tf from '@tensorflow/tfjs';
import type { FlatGroups } from './flat-groups.js';

/** What an optimiser remembers between steps: vectors of one element per parameter, and the number of steps. */
export interface OptimiserState {
  readonly step: number;
  readonly moments: Readonly<Record<string, Float32Array>>;
}

/** Changes parameters along a gradient. */
export interface Optimiser {
  /** Applies one step. `gradients` are vectors in the order of {@link FlatGroups.gather} and stay the caller's. */
  apply(gradients: readonly tf.Tensor1D[], learningRate: number): void;
  state(): Promise<OptimiserState>;
  restore(state: OptimiserState): void;
  dispose(): void;
}

/** What an update rule is given for one vector of parameters; everything [N]. */
export interface UpdateInput<Name extends string> {
  readonly weights: tf.Tensor1D;
  readonly gradient: tf.Tensor1D;
  readonly moments: Readonly<Record<Name, tf.Tensor1D>>;
  /** From 1. */
  readonly step: number;
  readonly learningRate: number;
}

/** What it makes of them. */
export interface UpdateResult<Name extends string> {
  readonly weights: tf.Tensor1D;
  readonly moments: Readonly<Record<Name, tf.Tensor1D>>;
}

/** An optimiser that keeps moment vectors beside the parameters; a subclass says how one step changes them. */
export abstract class MomentOptimiser<Name extends string> implements Optimiser {
  readonly #parameters: FlatGroups;
  readonly #names: readonly Name[];
  /** By name, one vector per group. */
  #moments: Record<Name, tf.Tensor1D[]>;
  #step = 0;

  constructor(parameters: FlatGroups, names: readonly Name[]) {
    this.#parameters = parameters;
    this.#names = names;
    this.#moments = this.#perName(() => parameters.zeros());
  }

  /** The rule, for one vector. Called inside a tidy. */
  protected abstract update(input: UpdateInput<Name>): UpdateResult<Name>;

  apply(gradients: readonly tf.Tensor1D[], learningRate: number): void {
    this.#step += 1;
    this.#parameters.update((weights, group) => {
      const result = this.update({
        weights,
        gradient: gradients[group] as tf.Tensor1D,
        moments: this.#perName((name) => this.#moments[name][group] as tf.Tensor1D),
        step: this.#step,
        learningRate,
      });
      for (const name of this.#names) {
        this.#moments[name][group]?.dispose();
        this.#moments[name][group] = tf.keep(result.moments[name]);
      }
      return result.weights;
    });
  }

  async state(): Promise<OptimiserState> {
    const moments: Record<string, Float32Array> = {};
    for (const name of this.#names) moments[name] = await this.#parameters.read(this.#moments[name]);
    return { step: this.#step, moments };
  }

  restore({ step, moments }: OptimiserState): void {
    this.dispose();
    this.#step = step;
    this.#moments = this.#perName((name) => this.#parameters.write(moments[name] as Float32Array));
  }

  dispose(): void {
    for (const name of this.#names) tf.dispose(this.#moments[name]);
  }

  #perName<T>(make: (name: Name) => T): Record<Name, T> {
    return Object.fromEntries(this.#names.map((name) => [name, make(name)])) as Record<Name, T>;
  }
}
