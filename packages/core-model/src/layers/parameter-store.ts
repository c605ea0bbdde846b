import * as tf from '@tensorflow/tfjs-core';
import { drawKernel, drawUniform, type Initialiser, type KernelShape } from './initialise.js';

/** A tensor of the state dict that lives on the backend. `parameter`s are trained, `buffer`s are running statistics. */
export interface StoredVariable {
  readonly role: 'parameter' | 'buffer';
  readonly variable: tf.Variable;
}

/** A tensor of the state dict that no forward pass reads: kept on the host. */
export interface StoredHostTensor {
  readonly role: 'unused';
  readonly shape: readonly number[];
  values: Float32Array;
}

/** How many training batches a batch norm has seen (`num_batches_tracked`). */
export interface StoredCounter {
  readonly role: 'counter';
  count: number;
}

export type StoredEntry = StoredVariable | StoredHostTensor | StoredCounter;

/** The four vectors and the counter of one batch norm. */
export interface NormParameters {
  readonly gamma: tf.Variable<tf.Rank.R1>;
  readonly beta: tf.Variable<tf.Rank.R1>;
  readonly runningMean: tf.Variable<tf.Rank.R1>;
  readonly runningVariance: tf.Variable<tf.Rank.R1>;
  readonly counter: StoredCounter;
}

/**
 * Everything that makes up the state of a network, under the reference's `state_dict` names and in its order (which
 * is the order in which the layers ask for their parameters).
 */
export class ParameterStore {
  readonly entries: Map<string, StoredEntry> = new Map();
  readonly seed: number;
  /** Replaces every initialiser: a copy needs no random numbers. */
  readonly blank: boolean;

  constructor(seed: number, { blank = false }: { blank?: boolean } = {}) {
    this.seed = seed;
    this.blank = blank;
  }

  scope(prefix: string): ParameterScope {
    return new ParameterScope(this, prefix);
  }

  variables(role: 'parameter' | 'buffer', prefix = ''): Map<string, tf.Variable> {
    const found = new Map<string, tf.Variable>();
    for (const [name, entry] of this.entries) {
      if (entry.role === role && name.startsWith(prefix)) found.set(name, entry.variable);
    }
    return found;
  }

  dispose(): void {
    for (const entry of this.entries.values()) {
      if (entry.role === 'parameter' || entry.role === 'buffer') entry.variable.dispose();
    }
    this.entries.clear();
  }
}

/** A place in the tree of names, such as `resnet.layer1.0.`, where a layer creates its parameters. */
export class ParameterScope {
  readonly #store: ParameterStore;
  readonly prefix: string;

  constructor(store: ParameterStore, prefix: string) {
    this.#store = store;
    this.prefix = prefix;
  }

  child(name: string): ParameterScope {
    return new ParameterScope(this.#store, `${this.prefix}${name}.`);
  }

  /** A convolution's kernel, [kh,kw,in,out] here and OIHW in the state dict. */
  kernel(name: string, shape: KernelShape, initialiser: Initialiser): tf.Variable<tf.Rank.R4> {
    const fullName = this.prefix + name;
    const { seed, blank } = this.#store;
    const values = drawKernel(shape, blank ? 'zeros' : initialiser, seed, fullName);
    return this.#add(
      name,
      'parameter',
      tf.tidy(() => tf.variable(tf.tensor4d(values, [...shape]))),
    );
  }

  /** A convolution's bias, drawn as PyTorch does: uniform within 1 / sqrt(fan-in). */
  bias(name: string, length: number, fanIn: number): tf.Variable<tf.Rank.R1> {
    const bound = this.#store.blank ? 0 : 1 / Math.sqrt(fanIn);
    const values = drawUniform(length, bound, this.#store.seed, this.prefix + name);
    return this.#add(
      name,
      'parameter',
      tf.tidy(() => tf.variable(tf.tensor1d(values))),
    );
  }

  /** A batch norm over `channels`: gamma 1, beta 0, running mean 0 and variance 1. */
  norm(name: string, channels: number): NormParameters {
    const vector = (part: string, role: 'parameter' | 'buffer', value: number): tf.Variable<tf.Rank.R1> =>
      this.#add(
        `${name}.${part}`,
        role,
        tf.tidy(() => tf.variable(tf.fill([channels], value) as tf.Tensor1D)),
      );
    const gamma = vector('weight', 'parameter', 1);
    const beta = vector('bias', 'parameter', 0);
    const runningMean = vector('running_mean', 'buffer', 0);
    const runningVariance = vector('running_var', 'buffer', 1);
    const counter: StoredCounter = { role: 'counter', count: 0 };
    this.#store.entries.set(`${this.prefix}${name}.num_batches_tracked`, counter);
    return { gamma, beta, runningMean, runningVariance, counter };
  }

  /** A tensor that the reference's files have and no forward pass reads. */
  unused(name: string, shape: readonly number[], fanIn: number): void {
    const size = shape.reduce((product, side) => product * side, 1);
    const bound = this.#store.blank ? 0 : 1 / Math.sqrt(fanIn);
    const values = drawUniform(size, bound, this.#store.seed, this.prefix + name);
    this.#store.entries.set(this.prefix + name, { role: 'unused', shape, values });
  }

  /** The trainable variables at and below this place. */
  trainable(): tf.Variable[] {
    return [...this.#store.variables('parameter', this.prefix).values()];
  }

  #add<R extends tf.Rank>(
    name: string,
    role: 'parameter' | 'buffer',
    variable: tf.Variable<R>,
  ): tf.Variable<R> {
    this.#store.entries.set(this.prefix + name, { role, variable: variable as unknown as tf.Variable });
    return variable;
  }
}
