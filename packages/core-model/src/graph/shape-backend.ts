import * as tf from '@tensorflow/tfjs-core';
import { OUTPUT_SHAPES } from './output-shapes.js';

/** The name under which it registers with TensorFlow.js. */
const NAME = 'infnet-shapes';

/** One call of a kernel: what a forward pass is made of. A value is known by its `dataId`. */
export interface KernelCall {
  /** TensorFlow.js's name of the kernel, such as `FusedConv2D`. */
  readonly kernel: string;
  /** By TensorFlow.js's names, such as `x`, `filter` and `bias`; those that are left out are undefined. */
  readonly inputs: Readonly<Record<string, tf.Tensor | undefined>>;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly output: tf.TensorInfo;
}

/** What is told of a run on shapes, while it runs. */
export interface ShapeListener {
  onCall(call: KernelCall): void;
  /** A tensor was made from values. */
  onConstant?(dataId: object, values: tf.BackendValues): void;
}

/**
 * Runs `body` on a TensorFlow.js backend that computes shapes and no values, so that a network's wiring is read off it
 * at no cost. Tensors of other backends may take part; only what is made in `body` has no values. Synchronous
 * throughout, so that nothing else ever sees that backend; the one before is back afterwards.
 */
export function onShapes<T>(body: () => T, listener: ShapeListener): T {
  registerKernels();
  const before = tf.getBackend();
  tf.registerBackend(NAME, () => new ShapeBackend(listener));
  void tf.setBackend(NAME);
  try {
    return body();
  } finally {
    if (before) void tf.setBackend(before);
    tf.removeBackend(NAME);
  }
}

class ShapeBackend extends tf.KernelBackend {
  readonly listener: ShapeListener;
  readonly #references = new WeakMap<object, number>();
  #count = 0;

  constructor(listener: ShapeListener) {
    super();
    this.listener = listener;
  }

  allocate(): object {
    const dataId = {};
    this.#references.set(dataId, 1);
    this.#count++;
    return dataId;
  }

  override write(values: tf.BackendValues): object {
    const dataId = this.allocate();
    this.listener.onConstant?.(dataId, values);
    return dataId;
  }

  override refCount(dataId: object): number {
    return this.#references.get(dataId) ?? 0;
  }

  override incRef(dataId: object): void {
    this.#references.set(dataId, this.refCount(dataId) + 1);
  }

  override disposeData(dataId: object): boolean {
    this.#references.set(dataId, this.refCount(dataId) - 1);
    if (this.refCount(dataId) > 0) return false;
    this.#count--;
    return true;
  }

  override numDataIds(): number {
    return this.#count;
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

let registered = false;

function registerKernels(): void {
  if (registered) return;
  registered = true;
  for (const [kernel, outputShape] of Object.entries(OUTPUT_SHAPES)) {
    tf.registerKernel({
      kernelName: kernel,
      backendName: NAME,
      kernelFunc: ({ inputs, attrs, backend }) => {
        const shapes = backend as ShapeBackend;
        const given = inputs as Record<string, tf.Tensor | undefined>;
        const attributes = attrs ?? {};
        const shape = outputShape(given, attributes);
        const dtype = Object.values(given)[0]?.dtype ?? 'float32';
        const output = { dataId: shapes.allocate(), shape: [...shape], dtype };
        shapes.listener.onCall({ kernel, inputs: { ...given }, attributes, output });
        return output;
      },
    });
  }
}
