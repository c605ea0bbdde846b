import * as tf from '@tensorflow/tfjs-core';

/** True where the WebAssembly backend computes, whose kernels ask for formulations of their own. */
export function onWasm(): boolean {
  return tf.getBackend() === 'wasm';
}
