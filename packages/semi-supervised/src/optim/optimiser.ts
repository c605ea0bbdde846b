import * as tf from '@tensorflow/tfjs';
import { FlatGroups } from './flat-groups.js';

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

/** Moment vectors by name, each kept beside the parameters' groups; shared by the optimisers. */
export class Moments<Name extends string> {
  readonly #groups: FlatGroups;
  readonly #vectors = new Map<Name, tf.Tensor1D[]>();

  constructor(groups: FlatGroups, names: readonly Name[]) {
    this.#groups = groups;
    for (const name of names) this.#vectors.set(name, groups.zeros());
  }

  get(name: Name, group: number): tf.Tensor1D {
    return this.#vectors.get(name)?.[group] as tf.Tensor1D;
  }

  /** Replaces one vector and disposes of the old one. */
  set(name: Name, group: number, value: tf.Tensor1D): void {
    this.get(name, group).dispose();
    (this.#vectors.get(name) as tf.Tensor1D[])[group] = tf.keep(value);
  }

  async read(): Promise<Record<Name, Float32Array>> {
    const read = {} as Record<Name, Float32Array>;
    for (const [name, vectors] of this.#vectors) read[name] = await this.#groups.read(vectors);
    return read;
  }

  write(all: Readonly<Record<string, Float32Array>>): void {
    for (const [name, vectors] of this.#vectors) {
      tf.dispose(vectors);
      this.#vectors.set(name, this.#groups.write(all[name] as Float32Array));
    }
  }

  dispose(): void {
    for (const vectors of this.#vectors.values()) tf.dispose(vectors);
  }
}
