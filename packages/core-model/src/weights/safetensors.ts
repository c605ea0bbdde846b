import { fromFloat16 } from './float16.js';
import { encodeHeader, layOut, readHeader } from './safetensors-header.js';
import type { TensorEntry } from './safetensors-header.js';
import { checkStateTensor } from './state-dict.js';
import type { StateDict, StateTensor } from './state-dict.js';
import { storedDtype, storedValues, type WriteOptions } from './stored-values.js';

/** Weights and the text that was kept with them. */
export interface SafetensorsFile {
  readonly dict: StateDict;
  readonly metadata: Record<string, string>;
}

/**
 * Reads a safetensors file: names, shapes and layout as they stand in it, float16 widened to float32 (exact).
 *
 * The whole header is checked before anything is allocated: its size against the file's, every tensor's dtype, shape and
 * place, no gap and no overlap. Nothing in the file is executed.
 *
 * @param bytes the whole file; the tensors are copies and do not keep it alive
 * @throws WeightsError `truncated-file`, `damaged-header`, `damaged-layout`, `unsupported-dtype` (only F32, F16, I64 are read)
 */
export function readSafetensors(bytes: Uint8Array): StateDict {
  return readSafetensorsFile(bytes).dict;
}

/**
 * As {@link readSafetensors}, with the text that lies beside the weights; empty when there is none.
 *
 * @throws WeightsError as {@link readSafetensors}
 */
export function readSafetensorsFile(bytes: Uint8Array): SafetensorsFile {
  const { entries, metadata, dataStart } = readHeader(bytes);
  const dict: StateDict = new Map();
  for (const entry of entries) {
    // Copied by the constructor: a Buffer's own slice would share its memory.
    const { buffer } = new Uint8Array(bytes.subarray(dataStart + entry.begin, dataStart + entry.end));
    dict.set(entry.name, decode(entry, buffer));
  }
  return { dict, metadata };
}

/**
 * Writes a state dict as safetensors, little endian. The header names the tensors in the dict's order and is padded to 8
 * bytes; the data lies widest dtype first, so that each tensor is aligned to its elements, as PyTorch's reader needs.
 * Reading back gives an equal dict, and equal input gives equal bytes.
 *
 * @throws WeightsError `invalid-tensor` when values and shape disagree, or when a finite value is too large for float16
 */
export function writeSafetensors(dict: StateDict, options: WriteOptions = {}): Uint8Array<ArrayBuffer> {
  const tensors = [...dict].map(([name, tensor]) => {
    checkStateTensor(name, tensor);
    return { name, dtype: storedDtype(tensor, options.dtype), shape: tensor.shape, tensor };
  });
  const { entries, dataSize } = layOut(tensors);
  const header = encodeHeader(entries, options.metadata ?? {});
  const file = new Uint8Array(header.length + dataSize);
  file.set(header);
  entries.forEach(({ name, begin }, i) => {
    file.set(storedValues(name, tensors[i]!.tensor, options.dtype).bytes, header.length + begin);
  });
  return file;
}

function decode({ dtype, shape }: TensorEntry, buffer: ArrayBuffer): StateTensor {
  if (dtype === 'int64') return { dtype, shape, data: new BigInt64Array(buffer) };
  return {
    dtype,
    shape,
    data: dtype === 'float32' ? new Float32Array(buffer) : fromFloat16(new Uint16Array(buffer)),
  };
}
