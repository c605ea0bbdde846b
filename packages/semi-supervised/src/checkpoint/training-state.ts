import { readSafetensorsFile, writeSafetensors, type StateDict, type StateTensor } from '@infnet/core-model';
import { TrainingError } from '../errors.js';
import type { TrainerState } from '../trainer.js';

/** How far a run has come, beside the weights. Plain JSON. */
export interface RunProgress {
  /** Optimiser steps made. */
  readonly step: number;
  /** Sum of the losses of the epoch's steps so far. */
  readonly epochLoss: number;
  /** Best validation so far; null before the first. */
  readonly best: { readonly epoch: number; readonly meanDice: number } | null;
}

/** All that a run needs to go on as if it had never stopped. */
export interface TrainingState {
  readonly progress: RunProgress;
  readonly trainer: TrainerState;
}

const METADATA_KEY = 'infnet.training-state';
const VERSION = 1;

/** What stands in the metadata. */
interface Header {
  readonly version: number;
  readonly progress: RunProgress;
  readonly optimiserStep: number;
  readonly averageUpdates: number | null;
}

/**
 * A training state as one safetensors file: `model.*` (the state dict), `optimiser.*` and `average.*` (one element per
 * parameter, in the model's order), and the counters as metadata. Float32 goes in and comes out bit for bit.
 */
export function encodeTrainingState({ progress, trainer }: TrainingState): Uint8Array {
  const { weights, optimiser, average } = trainer;
  const dict: StateDict = new Map();
  for (const [name, tensor] of weights) dict.set(`model.${name}`, tensor);
  for (const [name, values] of Object.entries(optimiser.moments))
    dict.set(`optimiser.${name}`, vector(values));
  if (average) {
    dict.set('average.parameters', vector(average.parameters));
    dict.set('average.buffers', vector(average.buffers));
  }
  const header: Header = {
    version: VERSION,
    progress,
    optimiserStep: optimiser.step,
    averageUpdates: average?.updates ?? null,
  };
  return writeSafetensors(dict, { metadata: { [METADATA_KEY]: JSON.stringify(header) } });
}

/**
 * The inverse of {@link encodeTrainingState}.
 *
 * @param path named in errors
 * @throws TrainingError `damaged-checkpoint`
 */
export function decodeTrainingState(bytes: Uint8Array, path: string): TrainingState {
  try {
    const { dict, metadata } = readSafetensorsFile(bytes);
    const header = JSON.parse(metadata[METADATA_KEY] ?? '{}') as Partial<Header>;
    if (header.version !== VERSION || !header.progress || header.optimiserStep === undefined) {
      throw new Error(`no training state of version ${VERSION} in it`);
    }
    const average = {
      updates: header.averageUpdates ?? 0,
      parameters: floats(dict, 'average.parameters'),
      buffers: floats(dict, 'average.buffers'),
    };
    return {
      progress: header.progress,
      trainer: {
        weights: below(dict, 'model.'),
        optimiser: {
          step: header.optimiserStep,
          moments: Object.fromEntries(
            [...below(dict, 'optimiser.').keys()].map((name) => [name, floats(dict, `optimiser.${name}`)]),
          ),
        },
        average: typeof header.averageUpdates === 'number' ? average : null,
      },
    };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TrainingError(
      'damaged-checkpoint',
      `${path} is no usable checkpoint: ${why}`,
      'Start the run anew in another folder; best.safetensors, if it is there, holds usable weights.',
      { cause },
    );
  }
}

function vector(data: Float32Array): StateTensor {
  return { dtype: 'float32', shape: [data.length], data };
}

function floats(dict: StateDict, name: string): Float32Array {
  const tensor = dict.get(name);
  return tensor && tensor.dtype !== 'int64' ? tensor.data : new Float32Array(0);
}

function below(dict: StateDict, prefix: string): StateDict {
  const part: StateDict = new Map();
  for (const [name, tensor] of dict) {
    if (name.startsWith(prefix)) part.set(name.slice(prefix.length), tensor);
  }
  return part;
}
