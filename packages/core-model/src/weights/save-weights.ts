import * as tf from '@tensorflow/tfjs-core';
import { WeightsError } from '../errors.js';
import { type FileWriteOptions, writeBytes } from './files.js';
import { isHandler, noHandler } from './load-weights.js';
import { toModelArtifacts } from './model-artifacts.js';
import { isModelJson, writeModelJson } from './model-json.js';
import { writePytorchCheckpoint } from './pytorch/write-checkpoint.js';
import { writeSafetensors } from './safetensors.js';
import type { StateDict } from './state-dict.js';
import type { WriteOptions } from './stored-values.js';

/**
 * Where weights go: in Node a path, whose ending says the format (`.pth` or `.pt`: a PyTorch checkpoint; `.json`:
 * TensorFlow.js's `model.json` with the weights beside it; else safetensors); in a browser `indexeddb://NAME` or
 * `localstorage://NAME`; or an IOHandler of TensorFlow.js.
 */
export type WeightsTarget = string | URL | tf.io.IOHandler;

/** How weights are saved. */
export type SaveOptions = WriteOptions & FileWriteOptions;

/**
 * Saves a state dict, all at once or not at all.
 *
 * @throws {WeightsError} `file-not-writable`, `unsupported-source`, `invalid-tensor`
 */
export async function saveWeights(
  target: WeightsTarget,
  dict: StateDict,
  { signal, ...options }: SaveOptions = {},
): Promise<void> {
  const handler = handlerOf(target);
  if (handler) return saveTo(handler, toModelArtifacts(dict, options));
  const path = target as string | URL;
  if (isModelJson(path)) return writeModelJson(path, dict, options);
  const write = /\.(?:pth|pt)$/i.test(String(path)) ? writePytorchCheckpoint : writeSafetensors;
  return writeBytes(path, write(dict, options), signal ? { signal } : {});
}

function handlerOf(target: WeightsTarget): tf.io.IOHandler | undefined {
  if (isHandler(target)) return target;
  if (!(typeof target === 'string') || !/^(?:indexeddb|localstorage):\/\//i.test(target)) return undefined;
  const [handler] = tf.io.getSaveHandlers(target);
  if (handler !== undefined) return handler;
  throw noHandler(target);
}

async function saveTo(handler: tf.io.IOHandler, artifacts: tf.io.ModelArtifacts): Promise<void> {
  try {
    if (handler.save === undefined) throw new Error('it has no save method');
    await handler.save(artifacts);
  } catch (cause) {
    throw new WeightsError(
      'file-not-writable',
      `the handler cannot save: ${cause instanceof Error ? cause.message : String(cause)}`,
      'Check that there is room, and that this place may keep data.',
      { cause },
    );
  }
}
