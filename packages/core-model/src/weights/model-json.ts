import type { io } from '@tensorflow/tfjs-core';
import { WeightsError } from '../errors.js';
import { readBytes, type ReadOptions, writeBytes } from './files.js';
import { fromModelArtifacts, toModelArtifacts } from './model-artifacts.js';
import type { StateDict } from './state-dict.js';
import type { WriteOptions } from './stored-values.js';

/** Whether a path or URL names TensorFlow.js's `model.json` with its weights beside it. */
export function isModelJson(source: string | URL): boolean {
  return /\.json(?:[?#].*)?$/i.test(String(source));
}

/**
 * Reads `model.json` and the weight files that it names, which lie beside it.
 *
 * @throws {WeightsError} `file-not-readable`, `damaged-header`, and as `fromModelArtifacts`
 */
export async function readModelJson(
  source: string | URL,
  options: ReadOptions,
): Promise<{ dict: StateDict; metadata: Record<string, string> }> {
  const model = parse(await readBytes(source, options));
  const groups = model.weightsManifest;
  const weightData: ArrayBuffer[] = [];
  for (const path of groups.flatMap(({ paths }) => paths)) {
    const bytes = await readBytes(beside(source, path), options);
    weightData.push(new Uint8Array(bytes).buffer);
  }
  return fromModelArtifacts({
    weightSpecs: groups.flatMap(({ weights }) => weights),
    weightData,
    ...(model.userDefinedMetadata && { userDefinedMetadata: model.userDefinedMetadata }),
  });
}

/** Writes the weights first and `model.json` last, each whole or not at all. Only in Node. */
export async function writeModelJson(
  target: string | URL,
  dict: StateDict,
  options: WriteOptions,
): Promise<void> {
  const { weightSpecs = [], weightData, ...model } = toModelArtifacts(dict, options);
  const path = String(target)
    .replace(/^.*[\\/]/, '')
    .replace(/\.json$/i, '.weights.bin');
  await writeBytes(beside(target, path), new Uint8Array(weightData as ArrayBuffer));
  const json = { ...model, weightsManifest: [{ paths: [path], weights: weightSpecs }] };
  await writeBytes(target, new TextEncoder().encode(JSON.stringify(json)));
}

interface ModelJson {
  readonly weightsManifest: readonly {
    readonly paths: string[];
    readonly weights: io.WeightsManifestEntry[];
  }[];
  readonly userDefinedMetadata?: Record<string, object | string>;
}

function parse(bytes: Uint8Array): ModelJson {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw damaged('it is not JSON', cause);
  }
  const { weightsManifest } = (json ?? {}) as { weightsManifest?: unknown };
  const isGroup = (group: unknown): boolean => {
    const { paths, weights } = (group ?? {}) as { paths?: unknown; weights?: unknown };
    return (
      Array.isArray(paths) && paths.every(isPlainName) && Array.isArray(weights) && weights.every(isEntry)
    );
  };
  if (!Array.isArray(weightsManifest) || !weightsManifest.every(isGroup)) {
    throw damaged('it has no weightsManifest of files beside it');
  }
  return json as ModelJson;
}

/** A file in the same folder: a manifest must not reach elsewhere. */
function isPlainName(path: unknown): boolean {
  return typeof path === 'string' && /^[^/\\:?#]+$/.test(path) && path !== '..' && path !== '.';
}

function isEntry(entry: unknown): boolean {
  return (
    typeof entry === 'object' && entry !== null && typeof (entry as { name?: unknown }).name === 'string'
  );
}

/** The address of a file in the same folder. */
function beside(source: string | URL, name: string): string {
  const text = String(source).replace(/[?#].*$/, '');
  return text.slice(0, Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\')) + 1) + name;
}

function damaged(what: string, cause?: unknown): WeightsError {
  return new WeightsError('damaged-header', `model.json: ${what}`, 'Save the weights again.', { cause });
}
