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

/** Where the first values of a network's parameters come from. */
export type ParameterSource =
  | { readonly seed: number }
  /** Zeros, to be overwritten: needs no random numbers. */
  | 'blank'
  /** Zeros too, each asked for before it is made: `admit` throws for a tensor that is not to be. */
  | { readonly admit: (name: string, shape: readonly number[]) => void }
  /** The store of an equal network, whose tensors are shared, not copied. */
  | ParameterStore;

/**
 * Everything that makes up the state of a network, under the reference's `state_dict` names and in its order (which
 * is the order in which the layers ask for their parameters).
 */
export class ParameterStore {
  readonly entries: Map<string, StoredEntry> = new Map();
  readonly source: ParameterSource;

  constructor(source: ParameterSource) {
    this.source = source;
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
    return this.#add(name, 'parameter', shape, (seed) =>
      drawKernel(shape, initialiser, seed, this.prefix + name),
    );
  }

  /** A convolution's bias, drawn as PyTorch does: uniform within 1 / sqrt(fan-in). */
  bias(name: string, length: number, fanIn: number): tf.Variable<tf.Rank.R1> {
    const bound = 1 / Math.sqrt(fanIn);
    return this.#add(name, 'parameter', [length], (seed) =>
      drawUniform(length, bound, seed, this.prefix + name),
    );
  }

  /** A batch norm over `channels`: gamma 1, beta 0, running mean 0 and variance 1. */
  norm(name: string, channels: number): NormParameters {
    const vector = (part: string, role: 'parameter' | 'buffer', value: number): tf.Variable<tf.Rank.R1> =>
      this.#add(`${name}.${part}`, role, [channels], () => new Float32Array(channels).fill(value));
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
    const { source } = this.#store;
    const fullName = this.prefix + name;
    const size = shape.reduce((product, side) => product * side, 1);
    const values =
      source !== 'blank' && 'seed' in source
        ? drawUniform(size, 1 / Math.sqrt(fanIn), source.seed, fullName)
        : new Float32Array(source instanceof ParameterStore ? 0 : size);
    this.#store.entries.set(fullName, { role: 'unused', shape, values });
  }

  /** The trainable variables at and below this place. */
  trainable(): tf.Variable[] {
    return [...this.#store.variables('parameter', this.prefix).values()];
  }

  #add<R extends tf.Rank>(
    name: string,
    role: 'parameter' | 'buffer',
    shape: readonly number[],
    draw: (seed: number) => Float32Array,
  ): tf.Variable<R> {
    const fullName = this.prefix + name;
    const variable = tf.tidy(() => tf.variable(firstValue(this.#store.source, fullName, shape, draw)));
    this.#store.entries.set(fullName, { role, variable });
    return variable as unknown as tf.Variable<R>;
  }
}

function firstValue(
  source: ParameterSource,
  fullName: string,
  shape: readonly number[],
  draw: (seed: number) => Float32Array,
): tf.Tensor {
  if (source === 'blank') return tf.fill([...shape], 0);
  if ('admit' in source) {
    source.admit(fullName, shape);
    return tf.fill([...shape], 0);
  }
  if ('seed' in source) return tf.tensor(draw(source.seed), [...shape]);
  const like = source.entries.get(fullName);
  if (like === undefined || !('variable' in like)) throw new TypeError(`no variable ${fullName} to share`);
  return like.variable;
}
