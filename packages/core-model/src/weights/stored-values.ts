import { WeightsError } from '../errors.js';
import { toFloat16 } from './float16.js';
import type { StateTensor } from './state-dict.js';

/** How {@link writeSafetensors} and {@link writePytorchCheckpoint} store a state dict. */
export interface WriteOptions {
  /** Width of the real-valued tensors. Default: each tensor's own. int64 tensors stay int64. */
  readonly dtype?: 'float32' | 'float16';
  /** Text to keep with the weights, read back by {@link readSafetensorsFile} and {@link readPytorchCheckpointFile}. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The element type that a tensor has in a file. */
export function storedDtype(tensor: StateTensor, dtype: WriteOptions['dtype']): StateTensor['dtype'] {
  return tensor.dtype === 'int64' ? 'int64' : (dtype ?? tensor.dtype);
}

/**
 * A tensor's bytes in a file, little endian.
 *
 * @throws {WeightsError} `invalid-tensor` when a finite value is too large for float16
 */
export function storedValues(
  name: string,
  tensor: StateTensor,
  wanted: WriteOptions['dtype'],
): { dtype: StateTensor['dtype']; bytes: Uint8Array } {
  const dtype = storedDtype(tensor, wanted);
  const values =
    dtype === 'float16' && tensor.dtype !== 'int64' ? checkedHalves(name, tensor.data) : tensor.data;
  return { dtype, bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) };
}

function checkedHalves(name: string, values: Float32Array): Uint16Array {
  const tooLarge = values.find((value) => Number.isFinite(value) && Math.abs(value) >= 65520);
  if (tooLarge !== undefined) {
    throw new WeightsError(
      'invalid-tensor',
      `tensor "${name}" holds ${tooLarge}, which float16 cannot hold (its largest value is 65504)`,
      'Write this state dict as float32.',
    );
  }
  return toFloat16(values);
}
