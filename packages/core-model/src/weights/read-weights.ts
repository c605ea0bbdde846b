import { isPytorchCheckpoint, readPytorchCheckpointFile } from './pytorch/read-checkpoint.js';
import { readSafetensorsFile } from './safetensors.js';
import type { StateDict } from './state-dict.js';
import { unwrapNames } from './unwrap-names.js';

/** Weights read from a file of any format that this package knows. */
export interface WeightsFile {
  readonly format: 'safetensors' | 'pytorch-zip' | 'pytorch-legacy' | 'tfjs';
  /** Without the prefix of a PyTorch wrapper. */
  readonly dict: StateDict;
  /** Texts beside the weights; empty when there are none. */
  readonly metadata: Record<string, string>;
}

/**
 * Reads weights by what their bytes begin with, not by a file's name: PyTorch checkpoints of both formats, and
 * safetensors. Names lose the `module.` of `DataParallel`.
 *
 * @throws {WeightsError} as {@link readPytorchCheckpoint} and {@link readSafetensors}
 */
export function readWeights(bytes: Uint8Array): WeightsFile {
  if (isPytorchCheckpoint(bytes)) {
    const { format, dict, metadata } = readPytorchCheckpointFile(bytes);
    return { format: `pytorch-${format}`, dict: unwrapNames(dict), metadata };
  }
  const { dict, metadata } = readSafetensorsFile(bytes);
  return { format: 'safetensors', dict: unwrapNames(dict), metadata };
}
