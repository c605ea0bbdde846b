import * as tf from '@tensorflow/tfjs-core';
import { ONNX_KERNELS } from '../onnx/kernels/index.js';
import { type Kernels, onBackend } from './on-backend.js';

/** The name under which it registers with TensorFlow.js. */
const NAME = 'infnet-shapes';

/** One call of a kernel, told by its shapes. */
export interface KernelCall {
  /** TensorFlow.js's name of the kernel, such as `FusedConv2D`. */
  readonly kernel: string;
  /** By TensorFlow.js's names, such as `x`, `filter` and `bias`. */
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>;
  readonly output: readonly number[];
}

/**
 * Runs `body` on a TensorFlow.js backend that computes shapes and no values: a network is made and measured on it
 * without memory or time. Tensors of other backends may take part. Synchronous throughout.
 */
export function onShapes<T>(body: () => T, onCall?: (call: KernelCall) => void): T {
  const backend = new ShapeBackend();
  return onBackend(NAME, backend, kernelsOf(backend, onCall), body);
}

type Shapes = (
  inputs: Readonly<Record<string, tf.TensorInfo>>,
  attributes: Readonly<Record<string, unknown>>,
) => readonly number[];

/** Kernels that make constants. All others have a form in ONNX, which knows its shapes. */
const CONSTANTS: Readonly<Record<string, Shapes>> = {
  [tf.Fill]: (_, { shape }) => shape as number[],
  [tf.ZerosLike]: ({ x }) => x!.shape,
  [tf.OnesLike]: ({ x }) => x!.shape,
};

function kernelsOf(backend: ShapeBackend, onCall?: (call: KernelCall) => void): Kernels {
  const known = [...ONNX_KERNELS].map(([kernel, { shapes }]): [string, Shapes] => [
    kernel,
    (inputs, attributes) => shapes(inputs, attributes)[0]!,
  ]);
  return [...known, ...Object.entries(CONSTANTS)].map(([kernel, shapeOf]) => [
    kernel,
    ({ inputs, attrs }) => {
      const given = Object.entries(inputs).filter(([, input]) => input !== undefined);
      const present = Object.fromEntries(given) as Record<string, tf.TensorInfo>;
      const output = shapeOf(present, attrs ?? {});
      onCall?.({ kernel, inputs: present, output });
      return { dataId: backend.write(), shape: [...output], dtype: given[0]?.[1]?.dtype ?? 'float32' };
    },
  ]);
}

/** Counts the references of tensors that are not there. */
class ShapeBackend extends tf.KernelBackend {
  readonly #references = new Map<object, number>();

  override write(): object {
    const dataId = {};
    this.#references.set(dataId, 1);
    return dataId;
  }

  override refCount(dataId: object): number {
    return this.#references.get(dataId) ?? 0;
  }

  override incRef(dataId: object): void {
    this.#references.set(dataId, this.refCount(dataId) + 1);
  }

  override disposeData(dataId: object): boolean {
    const left = this.refCount(dataId) - 1;
    if (left > 0) this.#references.set(dataId, left);
    else this.#references.delete(dataId);
    return left <= 0;
  }

  override numDataIds(): number {
    return this.#references.size;
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override dispose(): void {
    // Nothing is held.
  }
}
