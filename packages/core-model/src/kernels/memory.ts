import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { BackendError } from '../errors.js';

/** Bytes of a WebAssembly heap at most: it is addressed by 32 bits. */
export const WASM_HEAP: number = 2 ** 32;
const NUMBER_BYTES = 4;
/** The most numbers that a job has. */
const JOB_NUMBERS = 32;

/** A result that is not yet written. @throws BackendError `device-failed` where the memory has no room for it */
export function allocate(shape: readonly number[], dtype: 'float32' | 'int32' = 'float32'): tf.TensorInfo {
  const backend = wasmBackend();
  // Beyond what an address can be, TensorFlow.js takes a length for what is left of it by division.
  if (NUMBER_BYTES * tf.util.sizeFromShape([...shape]) < WASM_HEAP) {
    const info = backend.makeOutput([...shape], dtype);
    if (addressOf(info) !== 0) return info;
    backend.disposeData(info.dataId);
  }
  throw new BackendError(
    'device-failed',
    `the memory of WebAssembly has no room for ${shape.join('x')} numbers`,
    'Take smaller images or fewer at once, and dispose of tensors that are not needed.',
  );
}

/** Where a tensor lies in the memory of the wasm backend, in bytes; 0 for none. It does not move. */
export function addressOf(tensor: tf.TensorInfo | undefined): number {
  return tensor ? wasmBackend().dataIdMap.get(tensor.dataId).memoryOffset : 0;
}

/**
 * Gives a kernel its job: the job's numbers lie in memory, one behind the other, and so do the parts of scratch memory that it
 * asks for, each so many numbers of four bytes long, or with these whole numbers in it. All are freed afterwards.
 *
 * @param numbersOf the job's numbers, made of the addresses of the parts
 */
export function runJob<Part extends string>(
  kernel: (job: number) => void,
  scratch: Readonly<Record<Part, number | readonly number[]>>,
  numbersOf: (at: Readonly<Record<Part, number>>) => readonly number[],
): void {
  const backend = wasmBackend();
  let length = JOB_NUMBERS;
  const parts = (Object.entries(scratch) as [Part, number | readonly number[]][]).map(([name, part]) => {
    const start = length;
    length += typeof part === 'number' ? part : part.length;
    return { name, part, start };
  });
  const memory = allocate([length], 'int32');
  const base = addressOf(memory);
  const at = Object.fromEntries(parts.map(({ name, start }) => [name, base + NUMBER_BYTES * start]));
  const view = backend.typedArrayFromHeap(memory);
  view.set(numbersOf(at as Record<Part, number>));
  for (const { part, start } of parts) if (typeof part !== 'number') view.set(part, start);
  kernel(base);
  backend.disposeData(memory.dataId);
}

function wasmBackend(): BackendWasm {
  return tf.backend() as BackendWasm;
}
