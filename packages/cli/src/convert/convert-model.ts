import { stat } from 'node:fs/promises';
import {
  exportOnnx,
  loadWeights,
  modelFromState,
  saveWeights,
  selectBackend,
  type WeightsFile,
} from '@infnet/core-model';
import { outcomeOf, type CommandContext, type Outcome } from '../context.js';
import { atomicWrite } from '../outputs/atomic-write.js';
import { countParameters } from '../segment/count-parameters.js';

/** Options of `infnet convert` that concern models. */
export interface ConvertModelOptions {
  /** Width of the stored numbers; not for ONNX. */
  readonly dtype?: 'float32' | 'float16';
  /** Side of the slices that an ONNX model takes. */
  readonly size?: number;
  /** The ONNX model takes any number of slices at once. */
  readonly dynamicBatch?: boolean;
}

/**
 * Converts weights between safetensors, PyTorch checkpoints and TensorFlow.js's model.json, every tensor as it is, or
 * writes the network that they belong to as ONNX.
 *
 * @throws WeightsError for a file that is none, or that belongs to no network known here (ONNX only)
 */
export async function convertModel(
  input: string,
  output: string,
  options: ConvertModelOptions,
  { reporter, signal }: CommandContext,
): Promise<Outcome> {
  const file = await loadWeights(input, { signal });
  const parameters = countParameters(file.dict).toLocaleString('en');
  reporter.emit({
    event: 'note',
    message: `read ${input}: ${file.format}, ${file.dict.size} tensors, ${parameters} parameters`,
  });
  if (/\.onnx$/i.test(output)) {
    await atomicWrite(output, await asOnnx(file, options));
  } else {
    const { dict, metadata } = file;
    await saveWeights(output, dict, { signal, metadata, ...(options.dtype && { dtype: options.dtype }) });
  }
  signal.throwIfAborted();
  const { size } = await stat(output);
  reporter.emit({ event: 'note', message: `${(size / 2 ** 20).toFixed(1)} MiB` });
  reporter.emit({ event: 'written', what: 'model', path: output });
  return outcomeOf({ done: 1 });
}

async function asOnnx(
  { dict, metadata }: WeightsFile,
  { size, dynamicBatch = false }: ConvertModelOptions,
): Promise<Uint8Array> {
  await selectBackend(['wasm', 'cpu']); // tracing computes nothing: no GPU needs to start for it
  const model = modelFromState(dict, metadata);
  try {
    const trained = Number(metadata['infnet.size']);
    const side = size ?? (Number.isInteger(trained) && trained > 0 ? trained : 352);
    const batch = dynamicBatch ? 'dynamic' : 1;
    return await exportOnnx(model, { height: side, width: side, batch, metadata });
  } finally {
    model.dispose();
  }
}
