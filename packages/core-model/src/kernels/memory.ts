import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

/** The most numbers that a job has. */
const JOB_NUMBERS = 32;

/** A result that is not yet written. */
export function allocate(shape: readonly number[]): tf.TensorInfo {
  return wasmBackend().makeOutput([...shape], 'float32');
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
  const parts = Object.entries(scratch) as [Part, number | readonly number[]][];
  const lengths = parts.map(([, part]) => (typeof part === 'number' ? part : part.length));
  const starts = lengths.map((_, i) =>
    lengths.slice(0, i).reduce((sum, length) => sum + length, JOB_NUMBERS),
  );
  const memory = backend.makeOutput([lengths.reduce((sum, length) => sum + length, JOB_NUMBERS)], 'int32');
  const base = addressOf(memory);
  const at = Object.fromEntries(parts.map(([name], i) => [name, base + 4 * starts[i]!]));
  const view = backend.typedArrayFromHeap(memory);
  view.set(numbersOf(at as Record<Part, number>));
  for (const [i, [, part]] of parts.entries()) if (typeof part !== 'number') view.set(part, starts[i]);
  kernel(base);
  backend.disposeData(memory.dataId);
}

function wasmBackend(): BackendWasm {
  return tf.backend() as BackendWasm;
}
