import * as tf from '@tensorflow/tfjs-core';
import { InfNetError } from '../errors.js';

/** A tensor of a trace: computed from the images, or a constant such as a weight. */
export interface TracedValue {
  readonly shape: readonly number[];
  /** Set for a constant, which it keeps alive. */
  readonly constant?: tf.Tensor;
}

/** One op as TensorFlow.js was asked to run it. */
export interface TracedNode {
  readonly kernel: string;
  /** In the order of the kernel's own names: `{ x, filter, bias }`, or `{ 0, 1, ... }` of a concatenation. */
  readonly inputs: Readonly<Record<string, TracedValue>>;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly outputs: readonly TracedValue[];
}

/** The shapes of what a kernel puts out. */
export type InferShapes = (
  kernel: string,
  inputs: Readonly<Record<string, TracedValue>>,
  attributes: Readonly<Record<string, unknown>>,
) => readonly (readonly number[])[];

/**
 * A TensorFlow.js backend that computes nothing which depends on the images: it writes down every op that does, with
 * its inputs and attributes, and hands on what concerns constants alone to the backend in whose place it stands.
 * So the network's own forward pass is the one description from which it is exported.
 */
export class TraceBackend extends tf.KernelBackend {
  readonly nodes: TracedNode[] = [];
  readonly #real: tf.KernelBackend;
  readonly #inferShapes: InferShapes;
  readonly #computed = new Map<tf.DataId, TracedValue>();
  /** One place may be read in several shapes. */
  readonly #constants = new Map<tf.DataId, TracedValue[]>();

  constructor(real: tf.KernelBackend, inferShapes: InferShapes) {
    super();
    this.#real = real;
    this.#inferShapes = inferShapes;
  }

  /** A value that stands for data to come. */
  placeholder(shape: readonly number[]): tf.TensorInfo {
    const dataId = {};
    this.#computed.set(dataId, { shape });
    return { dataId, shape: [...shape], dtype: 'float32' };
  }

  /** What a tensor is in the trace; a constant is kept alive until `release`. */
  tracedValue({ dataId, shape, dtype }: tf.TensorInfo): TracedValue {
    const computed = this.#computed.get(dataId);
    if (computed !== undefined) return computed;
    if (dtype === 'string' || dtype === 'complex64') {
      throw new InfNetError('unsupported-op', `a constant of type ${dtype} has no place here`, 'use float32');
    }
    const known = this.#constants.get(dataId) ?? [];
    const same = known.find((value) => value.shape.join() === shape.join());
    if (same !== undefined) return same;
    this.#real.incRef(dataId);
    const constant = tf.keep(tf.engine().makeTensorFromTensorInfo({ dataId, shape, dtype }));
    const value = { shape: constant.shape, constant };
    this.#constants.set(dataId, [...known, value]);
    return value;
  }

  /** Runs a kernel, or writes it down where an input depends on the images. */
  run(
    kernel: tf.KernelConfig,
    inputs: tf.NamedTensorInfoMap,
    attrs: tf.NamedAttrMap,
  ): tf.TensorInfo | tf.TensorInfo[] {
    const given = Object.entries(inputs).flatMap(([name, input]): [string, tf.TensorInfo][] =>
      input ? [[name, input]] : [],
    );
    if (!given.some(([, { dataId }]) => this.#computed.has(dataId))) {
      return kernel.kernelFunc({ inputs, attrs, backend: this.#real });
    }
    const { kernelName } = kernel;
    const traced = Object.fromEntries(given.map(([name, input]) => [name, this.tracedValue(input)]));
    const infos = this.#inferShapes(kernelName, traced, attrs).map((shape) => this.placeholder(shape));
    const outputs = infos.map((info) => this.tracedValue(info));
    this.nodes.push({ kernel: kernelName, inputs: traced, attributes: attrs, outputs });
    return kernelName === tf.SplitV ? infos : infos[0]!; // the engine hands on a list where it gets one
  }

  /** The values of all constants that were met. */
  async readConstants(): Promise<Map<TracedValue, Float32Array>> {
    const found = new Map<TracedValue, Float32Array>();
    for (const value of [...this.#constants.values()].flat()) {
      if (value.constant) found.set(value, Float32Array.from(await value.constant.data()));
    }
    return found;
  }

  /** Lets the constants go. */
  release(): void {
    for (const { constant } of [...this.#constants.values()].flat()) constant?.dispose();
    this.#constants.clear();
  }

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): tf.DataId {
    return this.#real.write(values, shape, dtype);
  }
  override read(dataId: tf.DataId): Promise<tf.BackendValues> {
    return this.#real.read(dataId);
  }
  override move(
    dataId: tf.DataId,
    values: tf.BackendValues,
    shape: number[],
    dtype: tf.DataType,
    count: number,
  ): void {
    this.#real.move(dataId, values, shape, dtype, count);
  }
  override disposeData(dataId: tf.DataId, force?: boolean): boolean {
    return this.#computed.has(dataId) || this.#real.disposeData(dataId, force);
  }
  override incRef(dataId: tf.DataId): void {
    if (!this.#computed.has(dataId)) this.#real.incRef(dataId);
  }
  override refCount(dataId: tf.DataId): number {
    return this.#computed.has(dataId) ? 1 : this.#real.refCount(dataId);
  }
  override numDataIds(): number {
    return this.#real.numDataIds();
  }
  override floatPrecision(): 16 | 32 {
    return this.#real.floatPrecision();
  }
  override epsilon(): number {
    return this.#real.epsilon();
  }
  override dispose(): void {
    // The constants are the other backend's.
  }
}
