import * as tf from '@tensorflow/tfjs-core';

/** What a backend does for each kernel, by TensorFlow.js's name of it. */
export type Kernels = Iterable<readonly [name: string, run: tf.KernelFunc]>;

/**
 * Runs `body` on a backend that is there only meanwhile, and has the backend of before in its place again afterwards.
 * Synchronous throughout: nothing else can compute in between, and nothing of it is left behind.
 */
export function onBackend<T>(name: string, backend: tf.KernelBackend, kernels: Kernels, body: () => T): T {
  const before = tf.getBackend();
  tf.registerBackend(name, () => backend);
  for (const [kernelName, kernelFunc] of kernels) {
    tf.registerKernel({ kernelName, backendName: name, kernelFunc });
  }
  try {
    void tf.setBackend(name); // done when it returns: only backends with an asynchronous start take longer
    return body();
  } finally {
    if (before) void tf.setBackend(before);
    for (const { kernelName } of tf.getKernelsForBackend(name)) tf.unregisterKernel(kernelName, name);
    tf.removeBackend(name);
  }
}
