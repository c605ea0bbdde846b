import { createHash } from 'node:crypto';
import {
  MODEL_NAMES,
  modelCost,
  readWeights,
  recogniseGate,
  recogniseModel,
  WeightsError,
  type StateDict,
} from '@infnet/core-model';
import { readModelBytes } from '../inputs/read-model-bytes.js';
import { countParameters } from '../segment/count-parameters.js';

/** Side length of the paper's images, for networks that were trained at none that we know of. */
const PAPER_SIZE = 352;

/** Size, options, cost and identity of a model file; `size` is that of the images whose multiply-adds are counted. */
export async function describeModel(file: string, size?: number): Promise<object> {
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
    ...describeNetwork(dict, metadata, size),
    metadata,
  };
}

/** Nothing where the weights are no known network's, as optimiser states are. */
function describeNetwork(dict: StateDict, metadata: Readonly<Record<string, string>>, size?: number): object {
  const gate = recogniseGate(dict, metadata);
  if (gate) {
    const { inputs, hidden } = gate;
    return { network: 'slice-gate', options: gate, multiplyAdds: (inputs + 1) * hidden };
  }
  try {
    const { name, options } = recogniseModel(dict, metadata);
    const trained = Number(metadata['infnet.size']);
    const side = size ?? (Number.isInteger(trained) && trained > 0 ? trained : PAPER_SIZE);
    const { multiplyAdds } = modelCost(name, options, { height: side, width: side });
    return { network: name, options, size: [side, side], multiplyAdds };
  } catch (error) {
    if (error instanceof WeightsError) return {};
    throw error;
  }
}

/** A network as it is made by its name alone, or nothing where no network has it. */
export function describeByName(name: string, size: number = PAPER_SIZE): object | undefined {
  const network = MODEL_NAMES.find((known) => known === name);
  if (network === undefined) return undefined;
  const { options, parameters, multiplyAdds } = modelCost(network, {}, { height: size, width: size });
  return { network, options, parameters, size: [size, size], multiplyAdds };
}
