import * as tf from '@tensorflow/tfjs-core';
import { WeightsError } from '../errors.js';
import type { ParameterSource, ParameterStore, StoredEntry } from '../layers/parameter-store.js';
import { floatValues, type StateDict, type StateTensor } from '../weights/state-dict.js';
import { unwrapNames } from '../weights/unwrap-names.js';
import type { WeightSizes } from './footprint.js';

export interface LoadOptions {
  /** Every tensor must be there, with its shape, and no other. Default true. */
  readonly strict?: boolean;
  /**
   * `backbone`: the weights are those of the backbone alone, such as a file trained on ImageNet, whose names need not
   * begin with `resnet.`; the rest of the network stays as it is. Default `all`.
   */
  readonly part?: 'all' | 'backbone';
}

/** What the reference's names of a backbone begin with. */
const BACKBONES = ['resnet.', 'vgg.'] as const;

/** Trained values of a store, those that no forward pass reads included. */
export function countParameters(store: ParameterStore): number {
  let count = 0;
  for (const entry of store.entries.values()) {
    if (entry.role === 'parameter') count += entry.variable.size;
    if (entry.role === 'unused') count += entry.shape.reduce((product, side) => product * side, 1);
  }
  return count;
}

/** How many values a step moves, and how many of them are in one tensor. */
export function weightSizes(store: ParameterStore): WeightSizes {
  const sizes = [...store.variables('parameter').values()].map(({ size }) => size);
  return { all: sizes.reduce((sum, size) => sum + size, 0), largest: Math.max(...sizes) };
}

/** Reads the whole store from the backend, kernels turned to OIHW. */
export async function exportState(store: ParameterStore): Promise<StateDict> {
  const dict: StateDict = new Map();
  for (const [name, entry] of store.entries) dict.set(name, await exportEntry(entry));
  return dict;
}

async function exportEntry(entry: StoredEntry): Promise<StateTensor> {
  if (entry.role === 'counter')
    return { dtype: 'int64', shape: [], data: BigInt64Array.of(BigInt(entry.count)) };
  if (entry.role === 'unused')
    return { dtype: 'float32', shape: [...entry.shape], data: entry.values.slice() };
  const { variable } = entry;
  if (variable.rank !== 4) {
    return { dtype: 'float32', shape: [...variable.shape], data: Float32Array.from(await variable.data()) };
  }
  const turned = tf.tidy(() => tf.transpose(variable, [3, 2, 0, 1])); // HWIO to OIHW
  const data = Float32Array.from(await turned.data());
  turned.dispose();
  return { dtype: 'float32', shape: [...turned.shape], data };
}

/** Checks the whole dict against the store, then takes it over. The prefix of a PyTorch wrapper, `module.`, is dropped. */
export function importState(
  store: ParameterStore,
  given: StateDict,
  { strict = true, part = 'all' }: LoadOptions,
): void {
  const prefix = part === 'backbone' ? backbonePrefix(store) : '';
  const dict = withPrefix(unwrapNames(given), prefix);
  const accepted: Array<[StoredEntry, StateTensor]> = [];
  for (const [name, entry] of store.entries) {
    if (!name.startsWith(prefix)) continue;
    const tensor = dict.get(name);
    const fits = tensor !== undefined && sameShape(tensor.shape, stateShape(entry));
    if (fits) accepted.push([entry, tensor]);
    // Files of other tools may leave out what no forward pass reads.
    else if (strict && (tensor !== undefined || isNeeded(entry)))
      throw misfit(name, tensor, stateShape(entry));
  }
  if (strict) {
    const unknown = [...dict.keys()].find((name) => !store.entries.has(name) && !isIdle(name));
    if (unknown !== undefined) {
      throw new WeightsError(
        'unexpected-key',
        `this network has no tensor '${unknown}'`,
        'load it into the architecture it was saved from, or pass strict: false',
      );
    }
  }
  for (const [entry, tensor] of accepted) importEntry(entry, tensor);
}

function backbonePrefix(store: ParameterStore): string {
  const prefix = BACKBONES.find((begin) => store.variables('parameter', begin).size > 0);
  if (prefix !== undefined) return prefix;
  throw new WeightsError(
    'missing-key',
    'this network has no backbone of its own names',
    "load the weights of the whole network, with part: 'all'",
  );
}

/** Names of a part of the network, as the whole network has them. */
function withPrefix(dict: StateDict, prefix: string): StateDict {
  if ([...dict.keys()].some((name) => name.startsWith(prefix))) return dict;
  return new Map([...dict].map(([name, tensor]) => [prefix + name, tensor]));
}

/**
 * For a store that is to take over a state dict: refuses a tensor that the dict lacks or has in another shape before it
 * is made, so that a file's metadata cannot ask for more memory than the file itself has.
 */
export function admitOnly(dict: StateDict): ParameterSource {
  const given = unwrapNames(dict);
  return {
    admit: (name, shape) => {
      const tensor = given.get(name);
      const expected = oihw(shape);
      if (tensor === undefined || !sameShape(tensor.shape, expected)) throw misfit(name, tensor, expected);
    },
  };
}

function importEntry(entry: StoredEntry, tensor: StateTensor): void {
  if (entry.role === 'counter') {
    entry.count = Number(tensor.data[0]);
    return;
  }
  const values = floatValues(tensor);
  if (entry.role === 'unused') {
    entry.values = values.slice();
    return;
  }
  tf.tidy(() => {
    const given = tf.tensor(values, [...tensor.shape]);
    entry.variable.assign(tensor.shape.length === 4 ? tf.transpose(given, [2, 3, 1, 0]) : given); // OIHW to HWIO
  });
}

function stateShape(entry: StoredEntry): readonly number[] {
  if (entry.role === 'counter') return [];
  if (entry.role === 'unused') return entry.shape;
  return oihw(entry.variable.shape);
}

/** The shape in the state dict: a kernel's [kh,kw,in,out] as [out,in,kh,kw], any other as it is. */
function oihw(shape: readonly number[]): readonly number[] {
  return shape.length === 4 ? [shape[3]!, shape[2]!, shape[0]!, shape[1]!] : shape;
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((side, i) => side === b[i]);
}

/** Counters and what no forward pass reads change no result. */
function isNeeded(entry: StoredEntry): boolean {
  return entry.role === 'parameter' || entry.role === 'buffer';
}

/** What files of the reference may have and a network here lack: ImageNet's head, counters. */
function isIdle(name: string): boolean {
  return name.startsWith('resnet.fc.') || name.endsWith('.num_batches_tracked');
}

function misfit(name: string, tensor: StateTensor | undefined, expected: readonly number[]): WeightsError {
  return tensor === undefined
    ? new WeightsError(
        'missing-key',
        `the weights lack '${name}'`,
        'pass strict: false to keep its random values',
      )
    : new WeightsError(
        'shape-mismatch',
        `'${name}' has shape [${tensor.shape.join(',')}], not [${expected.join(',')}]`,
        'create the network with the options that the weights were trained with',
      );
}
