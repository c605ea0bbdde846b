import type { io } from '@tensorflow/tfjs-core';
import { WeightsError } from '../errors.js';
import { fromFloat16 } from './float16.js';
import { checkStateTensor, elementCount, type StateDict, type StateTensor } from './state-dict.js';
import { storedValues, type WriteOptions } from './stored-values.js';

const FORMAT = 'infnet-weights';

/**
 * A state dict as TensorFlow.js's artifacts, which any of its IOHandlers keeps. Names, shapes and layout (OIHW) are the
 * state dict's. `modelTopology` is no graph of TensorFlow.js, which cannot run it: `{ format: 'infnet-weights' }`; the
 * architecture stands in `userDefinedMetadata`. Counters become int32; float16 is the `float16` of its quantisation.
 *
 * @throws {WeightsError} `invalid-tensor` for a counter beyond 2^31
 */
export function toModelArtifacts(dict: StateDict, { dtype, metadata = {} }: WriteOptions): io.ModelArtifacts {
  const weightSpecs: io.WeightsManifestEntry[] = [];
  const pieces: Uint8Array[] = [];
  for (const [name, tensor] of dict) {
    checkStateTensor(name, tensor);
    const { spec, bytes } = encodeTensor(name, tensor, dtype);
    weightSpecs.push(spec);
    pieces.push(bytes);
  }
  const data = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    data.set(piece, at);
    at += piece.length;
  }
  return {
    modelTopology: { format: FORMAT },
    format: FORMAT,
    generatedBy: 'infnet',
    weightSpecs,
    weightData: data.buffer,
    userDefinedMetadata: { ...metadata },
  };
}

/** The state dict in TensorFlow.js's artifacts. @throws {WeightsError} `no-weights`, `damaged-layout`, `unsupported-dtype` */
export function fromModelArtifacts({ weightSpecs, weightData, userDefinedMetadata }: io.ModelArtifacts): {
  dict: StateDict;
  metadata: Record<string, string>;
} {
  if (!Array.isArray(weightSpecs) || weightData === undefined) {
    throw new WeightsError(
      'no-weights',
      'the handler gave a model without weights',
      'Load what the save method of a network of this package kept.',
    );
  }
  const bytes = joined(weightData);
  const dict: StateDict = new Map();
  let at = 0;
  for (const spec of weightSpecs) {
    const { tensor, length } = decodeTensor(spec, bytes, at);
    dict.set(spec.name, tensor);
    at += length;
  }
  if (at !== bytes.length) throw damaged(`${bytes.length - at} bytes at the end belong to no tensor`);
  const texts = Object.entries(userDefinedMetadata ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return { dict, metadata: Object.fromEntries(texts) };
}

function encodeTensor(
  name: string,
  tensor: StateTensor,
  dtype: WriteOptions['dtype'],
): { spec: io.WeightsManifestEntry; bytes: Uint8Array } {
  const shape = [...tensor.shape];
  if (tensor.dtype === 'int64') {
    const tooLarge = tensor.data.find((value) => BigInt.asIntN(32, value) !== value);
    if (tooLarge !== undefined) {
      throw new WeightsError(
        'invalid-tensor',
        `tensor "${name}" holds ${tooLarge}, which TensorFlow.js's int32 cannot hold`,
        'Save it as safetensors.',
      );
    }
    const values = Int32Array.from(tensor.data, Number);
    return { spec: { name, shape, dtype: 'int32' }, bytes: new Uint8Array(values.buffer) };
  }
  const stored = storedValues(name, tensor, dtype);
  const quantization = stored.dtype === 'float16' ? { quantization: { dtype: 'float16' as const } } : {};
  return { spec: { name, shape, dtype: 'float32', ...quantization }, bytes: stored.bytes };
}

function decodeTensor(
  spec: io.WeightsManifestEntry,
  bytes: Uint8Array,
  at: number,
): { tensor: StateTensor; length: number } {
  const { name, shape, dtype, quantization } = spec;
  const half = quantization?.dtype === 'float16';
  const known =
    (dtype === 'float32' && (quantization === undefined || half)) || (dtype === 'int32' && !quantization);
  if (!known) {
    throw new WeightsError(
      'unsupported-dtype',
      `tensor "${name}" is of type ${dtype}${quantization ? ` in ${quantization.dtype}` : ''}`,
      'Keep weights as float32 or float16.',
    );
  }
  if (!Array.isArray(shape) || !shape.every((side) => Number.isSafeInteger(side) && side >= 0)) {
    throw damaged(`tensor "${name}" has no valid shape`);
  }
  const length = elementCount(shape) * (half ? 2 : 4);
  if (!(at + length <= bytes.length)) {
    throw damaged(`tensor "${name}" needs ${length} bytes, there are ${bytes.length - at}`);
  }
  const { buffer } = new Uint8Array(bytes.subarray(at, at + length));
  if (dtype === 'int32') {
    return {
      tensor: { dtype: 'int64', shape, data: BigInt64Array.from(new Int32Array(buffer), BigInt) },
      length,
    };
  }
  const data = half ? fromFloat16(new Uint16Array(buffer)) : new Float32Array(buffer);
  return { tensor: { dtype: half ? 'float16' : 'float32', shape, data }, length };
}

function joined(data: io.WeightData): Uint8Array {
  const buffers = Array.isArray(data) ? data : [data];
  const bytes = new Uint8Array(buffers.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const buffer of buffers) {
    bytes.set(new Uint8Array(buffer), at);
    at += buffer.byteLength;
  }
  return bytes;
}

function damaged(what: string): WeightsError {
  return new WeightsError('damaged-layout', `TensorFlow.js weights: ${what}`, 'Save the weights again.');
}
