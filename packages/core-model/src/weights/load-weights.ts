import * as tf from '@tensorflow/tfjs-core';
import { WeightsError } from '../errors.js';
import { readBytes, type ReadOptions } from './files.js';
import { checkIntegrity } from './integrity.js';
import { fromModelArtifacts } from './model-artifacts.js';
import { isModelJson, readModelJson } from './model-json.js';
import { readWeights, type WeightsFile } from './read-weights.js';
import { unwrapNames } from './unwrap-names.js';
import { defaultWeightsCache, type WeightsCache } from './weights-cache.js';

/**
 * Where weights come from: bytes; in Node a path; a URL of http(s), `data:`, `blob:` or `file:`; TensorFlow.js's
 * `model.json` at any of them; its `indexeddb://NAME` and `localstorage://NAME` in a browser; or one of its IOHandlers.
 */
export type WeightsSource = string | URL | Uint8Array | tf.io.IOHandler;

/** How {@link loadWeights} loads. */
export interface LoadWeightsOptions extends ReadOptions {
  /**
   * Hash of the file, as subresource integrity writes it: `sha256-` and the digest in base64 (or hexadecimal digits).
   * Of one file: not for `model.json` and handlers.
   */
  readonly integrity?: string;
  /**
   * Whether a download is kept and taken from there the next time: true for the cache of this place (a folder in
   * Node, the Cache API in a browser), or a cache of your own. Default: true where `integrity` says which file is meant.
   */
  readonly cache?: boolean | WeightsCache;
}

/**
 * Loads weights of any format from anywhere. A PyTorch checkpoint is read without running anything; see
 * {@link readPytorchCheckpoint}.
 *
 * @throws {WeightsError} `file-not-readable`, `integrity-mismatch`, `unsupported-source`, and as {@link readWeights};
 *   the signal's reason when aborted
 */
export async function loadWeights(
  source: WeightsSource,
  options: LoadWeightsOptions = {},
): Promise<WeightsFile> {
  options.signal?.throwIfAborted();
  const handler = handlerOf(source);
  if (handler !== undefined || isJson(source)) {
    if (options.integrity !== undefined) {
      throw new WeightsError(
        'unsupported-source',
        'integrity is the hash of one file; model.json and handlers have several',
        'Load a .safetensors or .pth file, or leave integrity out.',
      );
    }
    const { dict, metadata } = handler
      ? fromModelArtifacts(await loadFrom(handler))
      : await readModelJson(source as string | URL, options);
    options.signal?.throwIfAborted();
    return { format: 'tfjs', dict: unwrapNames(dict), metadata };
  }
  return readWeights(await bytesOf(source as string | URL | Uint8Array, options));
}

async function bytesOf(
  source: string | URL | Uint8Array,
  { integrity, cache = integrity !== undefined, ...options }: LoadWeightsOptions,
): Promise<Uint8Array> {
  const name = source instanceof Uint8Array ? 'the file' : String(source);
  const store = /^https?:/i.test(name)
    ? cache === true
      ? defaultWeightsCache()
      : cache || undefined
    : undefined;
  const kept = await store?.match(name);
  const known = kept && (integrity === undefined || (await fits(kept, integrity, name)));
  if (kept && known) {
    options.onProgress?.({ type: 'cached', loaded: kept.length, total: kept.length });
    return kept;
  }
  const bytes = await readBytes(source, options);
  if (integrity !== undefined) await checkIntegrity(bytes, integrity, name);
  await store?.put(name, bytes);
  return bytes;
}

/** Whether a kept file is the wanted one; an address may have had another one before. */
async function fits(bytes: Uint8Array, integrity: string, name: string): Promise<boolean> {
  try {
    await checkIntegrity(bytes, integrity, name);
    return true;
  } catch (error) {
    if (error instanceof WeightsError && error.code === 'integrity-mismatch') return false;
    throw error;
  }
}

/** A handler of TensorFlow.js, given or registered for a scheme such as `indexeddb:`. */
function handlerOf(source: WeightsSource): tf.io.IOHandler | undefined {
  if (isHandler(source)) return source;
  if (!(typeof source === 'string') || !/^(?:indexeddb|localstorage):\/\//i.test(source)) return undefined;
  const [handler] = tf.io.getLoadHandlers(source);
  if (handler !== undefined) return handler;
  throw noHandler(source);
}

/** @internal */
export function isHandler(source: unknown): source is tf.io.IOHandler {
  return (
    typeof source === 'object' &&
    source !== null &&
    !(source instanceof URL) &&
    ('load' in source || 'save' in source)
  );
}

/** @internal */
export function noHandler(source: string): WeightsError {
  return new WeightsError(
    'unsupported-source',
    `nothing here handles ${source.replace(/\/\/.*/, '//')}`,
    'indexeddb:// and localstorage:// are there in browsers only. In Node, give a path.',
  );
}

async function loadFrom(handler: tf.io.IOHandler): Promise<tf.io.ModelArtifacts> {
  try {
    if (handler.load === undefined) throw new Error('it has no load method');
    return await handler.load();
  } catch (cause) {
    throw new WeightsError(
      'file-not-readable',
      `the handler cannot load: ${cause instanceof Error ? cause.message : String(cause)}`,
      'Check that something was saved there.',
      { cause },
    );
  }
}

function isJson(source: WeightsSource): boolean {
  return (typeof source === 'string' || source instanceof URL) && isModelJson(source);
}
