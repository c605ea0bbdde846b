import { createHash } from 'node:crypto';
import { readWeights } from '@infnet/core-model';
import { readModelBytes } from '../inputs/read-model-bytes.js';
import { countParameters } from '../segment/count-parameters.js';

/** Size, options and identity of a model file. */
export async function describeModel(file: string): Promise<object> {
  const bytes = await readModelBytes(file);
  const { format, dict, metadata } = readWeights(bytes);
  const types = new Set([...dict.values()].map(({ dtype }) => dtype));
  return {
    file,
    format,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    tensors: dict.size,
    parameters: countParameters(dict),
    types: [...types].join(', '),
    metadata,
  };
}
