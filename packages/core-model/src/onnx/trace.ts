import * as tf from '@tensorflow/tfjs-core';
import { InfNetError } from '../errors.js';
import { onBackend } from '../graph/on-backend.js';
import { ONNX_KERNELS } from './kernels/index.js';
import type { OnnxKernel } from './kernels/kernel.js';
import { TraceBackend, type TracedNode, type TracedValue } from './trace-backend.js';

const NAME = 'infnet-trace';

/** What a network does to images, op by op. */
export interface Trace {
  readonly images: TracedValue;
  /** In the order in which they ran. */
  readonly nodes: readonly TracedNode[];
  readonly outputs: ReadonlyMap<string, TracedValue>;
  readonly constants: ReadonlyMap<TracedValue, Float32Array>;
}

/**
 * Runs a function of images on the trace backend, within one synchronous stretch.
 *
 * @param shape [B,H,W,C] of the images
 * @throws {InfNetError} `unsupported-op` for an op that has no form in ONNX here
 */
export async function trace(
  run: (images: tf.Tensor4D) => Readonly<Record<string, tf.Tensor>>,
  shape: readonly [number, number, number, number],
): Promise<Trace> {
  const backend = new TraceBackend(tf.backend(), inferShapes);
  try {
    const { images, outputs } = record(backend, run, shape);
    return { images, outputs, nodes: backend.nodes, constants: await backend.readConstants() };
  } finally {
    backend.release();
  }
}

function record(
  backend: TraceBackend,
  run: (images: tf.Tensor4D) => Readonly<Record<string, tf.Tensor>>,
  shape: readonly [number, number, number, number],
): { images: TracedValue; outputs: Map<string, TracedValue> } {
  // Every kernel that the real backend has.
  const kernels = tf
    .getKernelsForBackend(tf.getBackend())
    .map((kernel): [string, tf.KernelFunc] => [
      kernel.kernelName,
      ({ inputs, attrs }) => backend.run(kernel, inputs, attrs ?? {}),
    ]);
  return onBackend(NAME, backend, kernels, () => {
    const info = backend.placeholder(shape);
    const outputs = new Map<string, TracedValue>();
    tf.tidy(() => {
      const images = tf.engine().makeTensorFromTensorInfo(info) as tf.Tensor4D;
      for (const [name, tensor] of Object.entries(run(images)))
        outputs.set(name, backend.tracedValue(tensor));
    });
    return { images: backend.tracedValue(info), outputs };
  });
}

function inferShapes(
  kernel: string,
  inputs: TracedNode['inputs'],
  attributes: TracedNode['attributes'],
): readonly (readonly number[])[] {
  return kernelFor(kernel).shapes(inputs, attributes);
}

/** @throws {InfNetError} `unsupported-op` */
export function kernelFor(name: string): OnnxKernel {
  const kernel = ONNX_KERNELS.get(name);
  if (kernel !== undefined) return kernel;
  throw new InfNetError(
    'unsupported-op',
    `the network computes ${name}, which has no form in ONNX here`,
    'export the fused form, model.fuse(), or add the kernel to core-model/src/onnx/kernels',
  );
}
