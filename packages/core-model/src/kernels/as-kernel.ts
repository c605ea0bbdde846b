import * as tf from '@tensorflow/tfjs-core';

/**
 * Computes a tensor as a kernel of TensorFlow.js's wasm backend would: its profiler sees the result and the memory that it took,
 * and its gradients refuse it. The kernel is made known at the first call.
 *
 * @param name unlike that of any other kernel
 * @param inputs the tensors that `compute` reads
 */
export function asKernel<R extends tf.Rank>(
  name: string,
  inputs: Readonly<Record<string, tf.Tensor | undefined>>,
  compute: () => tf.TensorInfo,
): tf.Tensor<R> {
  if (!tf.getKernel(name, 'wasm')) {
    tf.registerKernel({
      kernelName: name,
      backendName: 'wasm',
      kernelFunc: ({ attrs }) => (attrs as unknown as { readonly compute: typeof compute }).compute(),
    });
  }
  return tf.engine().runKernel(name, inputs as tf.NamedTensorMap, { compute } as unknown as tf.NamedAttrMap);
}
