import * as tf from '@tensorflow/tfjs-core';
import { WASM_HEAP } from '../kernels/memory.js';
import { inNode } from './optional-package.js';

/** What the backend in use can hold, in bytes; absent where nobody says. */
export interface BackendLimits {
  /** All tensors together. */
  readonly totalBytes?: number;
  /** One tensor. */
  readonly tensorBytes?: number;
  /** Threads with a backend each that these are the limits of one of. Default 1. */
  readonly threads?: number;
}

const FLOAT_BYTES = 4;

/**
 * Limits of the backend that TensorFlow.js now computes with, whoever selected it.
 *
 * @param threads that compute at the same time, each with such a backend: on wasm each has a heap of its own, and they
 *   share the machine's memory. Default 1
 */
export function backendLimits(threads: number = 1): BackendLimits {
  switch (tf.getBackend()) {
    case 'webgpu':
      return { tensorBytes: largestBuffer() };
    case 'webgl': // one texture, in the worst case one value a pixel; the memory behind it is not told
      return { tensorBytes: FLOAT_BYTES * tf.env().getNumber('WEBGL_MAX_TEXTURE_SIZE') ** 2 };
    case 'wasm':
      return {
        totalBytes: Math.min(WASM_HEAP, (machineMemory() ?? Infinity) / threads),
        ...(threads > 1 && { threads }),
      };
    case 'cpu':
    case 'tensorflow': {
      const memory = machineMemory();
      return memory === undefined ? {} : { totalBytes: memory };
    }
    default:
      return {};
  }
}

function largestBuffer(): number {
  const { device } = tf.backend() as unknown as {
    readonly device: { readonly limits: Readonly<Record<string, number>> };
  };
  const { maxBufferSize = Infinity, maxStorageBufferBindingSize = Infinity } = device.limits;
  return Math.min(maxBufferSize, maxStorageBufferBindingSize);
}

/** Bytes that this process may have: the machine's, or its container's. Unknown in a browser. */
function machineMemory(): number | undefined {
  if (!inNode()) return undefined;
  const constrained = process.constrainedMemory(); // 0, or absurdly much, where nothing constrains it
  const total = process.getBuiltinModule('node:os').totalmem();
  return constrained > 0 ? Math.min(constrained, total) : total;
}
