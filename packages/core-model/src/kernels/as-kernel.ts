import * as tf from '@tensorflow/tfjs-core';
import { ShapeError } from '../errors.js';

/**
 * Computes a tensor as a kernel of TensorFlow.js's wasm backend would: its profiler sees the result and the memory that it took,
 * and its gradients refuse it. The kernel is made known at the first call.
 *
 * @param name unlike that of any other kernel
 * @param inputs the tensors that `compute` reads
 * @throws ShapeError `invalid-dtype` for one that is not float32
 */
export function asKernel<R extends tf.Rank>(
  name: string,
  inputs: Readonly<Record<string, tf.Tensor | undefined>>,
  compute: () => tf.TensorInfo,
): tf.Tensor<R> {
  for (const [input, tensor] of Object.entries(inputs)) {
    if (tensor === undefined || tensor.dtype === 'float32') continue;
    throw new ShapeError('invalid-dtype', `${name}: ${input} is ${tensor.dtype}`, 'Cast it to float32.');
  }
  if (!tf.getKernel(name, 'wasm')) {
    tf.registerKernel({
      kernelName: name,
      backendName: 'wasm',
      kernelFunc: ({ attrs }) => (attrs as unknown as { readonly compute: typeof compute }).compute(),
    });
  }
  return tf.engine().runKernel(name, inputs as tf.NamedTensorMap, { compute } as unknown as tf.NamedAttrMap);
}
