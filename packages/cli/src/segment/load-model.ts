import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  createSlicePool,
  InfNet,
  readWeights,
  type SlicePool,
  type SlicePoolOptions,
} from '@infnet/core-model';
import { CliError } from '../errors.js';
import { readModelBytes } from '../inputs/read-model-bytes.js';
import { countParameters } from './count-parameters.js';
import { trainedSize } from './trained-size.js';

/** A model ready to predict, and what a report says about it. */
export interface LoadedModel {
  /** What segments slices with it; dispose of it when done. */
  readonly pool: SlicePool;
  readonly about: ModelFacts;
}

/** What identifies a model. */
export interface ModelFacts {
  /** Base name of the file. */
  readonly name: string;
  readonly sha256: string;
  readonly parameters: number;
  /** True for the phantom-trained model that ships with this package. */
  readonly shipped: boolean;
  /** Side length that it was trained at, as far as the file says. */
  readonly trainedSize?: number;
  readonly architecture: object;
}

/** Said wherever the shipped model was used. */
export const DEMO_MODEL_NOTICE: string =
  'This used the demo model, which was trained on synthetic phantoms only: it shows how things work and knows nothing ' +
  'of real patients. Bring a model with --model, or train one with `infnet train`.';

/** Path of the model that is used without `--model`. */
function demoModelPath(): string {
  return fileURLToPath(new URL('../../models/phantom-demo.safetensors', import.meta.url));
}

/**
 * Loads a model file, or the shipped model, on the current backend, or on that of workers.
 *
 * @throws CliError `model-not-readable`, `demo-model-missing`; PoolError where workers do not start; WeightsError for a file that holds no Inf-Net
 */
export async function loadModel(
  path: string | undefined,
  pool: Pick<SlicePoolOptions, 'workers' | 'backend' | 'gate'>,
): Promise<LoadedModel> {
  const { network, about } = await openModel(path);
  try {
    return { pool: await createSlicePool(network, pool), about };
  } finally {
    network.dispose();
  }
}

/**
 * Opens a model file, or the shipped model, on the current backend. The caller disposes of the network.
 *
 * @throws CliError `model-not-readable`, `model-not-usable`, `demo-model-missing`
 */
export async function openModel(
  path: string | undefined,
): Promise<{ readonly network: InfNet; readonly about: ModelFacts }> {
  const file = path ?? (await presentDemoModel());
  const bytes = await readModelBytes(file);
  const network = await parse(file, bytes);
  const { dict, metadata } = readWeights(bytes);
  const size = trainedSize(metadata);
  const about: ModelFacts = {
    name: basename(file),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    parameters: countParameters(dict),
    shipped: path === undefined,
    ...(size !== undefined && { trainedSize: size }),
    architecture: network.options,
  };
  return { network, about };
}

/** Errors of the weights reader know bytes, not files. */
async function parse(file: string, bytes: Uint8Array): Promise<InfNet> {
  try {
    return await InfNet.fromPretrained(bytes);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw new CliError(
      'model-not-usable',
      `${file} is no model that can be used: ${cause.message}`,
      'name a .safetensors or .pth file of an Inf-Net; `infnet info FILE` tells what is in it',
      { cause },
    );
  }
}

async function presentDemoModel(): Promise<string> {
  const path = demoModelPath();
  if (await stat(path).catch(() => undefined)) return path;
  throw new CliError(
    'demo-model-missing',
    `the demo model is not there: ${path}`,
    'install @infnet/cli again, or name a model of your own with --model',
  );
}
