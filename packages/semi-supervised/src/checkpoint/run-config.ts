import { createHash } from 'node:crypto';
import type { StateDict } from '@infnet/core-model';
import type { NetworkRecipe } from '../recipe.js';
import { checkSame } from './run-files.js';

/** A run folder's `config.json`: what has to be the same for a run to be taken up again. */
export interface RunConfig {
  readonly format: 'infnet-run';
  readonly versions: Readonly<Record<string, string>>;
  readonly backend: string;
  readonly seed: number;
  readonly recipe: NetworkRecipe;
  /** The objective's settings, and whatever else the task is decided by. */
  readonly task: Readonly<Record<string, unknown>>;
  /** The network's options. */
  readonly architecture: object;
  /** SHA-256 of the state dict that the run started from. */
  readonly initialWeights: string;
  /** Id → SHA-256 of the slice as prepared for training. */
  readonly training: Readonly<Record<string, string>>;
  readonly validation: Readonly<Record<string, string>>;
  /** Of slices without labels, where the task takes such in. */
  readonly unlabelled?: Readonly<Record<string, string>>;
}

/** SHA-256 of every tensor's name and bytes, in order. */
export function hashStateDict(dict: StateDict): string {
  const hash = createHash('sha256');
  for (const [name, { data }] of dict) {
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}

/** Hashes that were made, by what they are of: every round of propagation opens a run on all slices of those before. */
const KNOWN = new WeakMap<object, WeakMap<object, string>>();

/** Id → SHA-256 of what `bytesOf` gives of the slice. A slice is read once for each `bytesOf`. */
export function hashSlices<Slice extends { readonly id: string }>(
  slices: readonly Slice[],
  bytesOf: (slice: Slice) => readonly Uint8Array[],
): Record<string, string> {
  const known = KNOWN.get(bytesOf) ?? new WeakMap<object, string>();
  KNOWN.set(bytesOf, known);
  return Object.fromEntries(
    slices.map((slice) => {
      const digest = known.get(slice) ?? hashOf(bytesOf(slice));
      known.set(slice, digest);
      return [slice.id, digest];
    }),
  );
}

function hashOf(parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const bytes of parts) hash.update(bytes);
  return hash.digest('hex');
}

/**
 * Makes sure that a stored run is the one that is asked for.
 *
 * @param options.fromStart also compare the weights it started from
 * @throws TrainingError `run-mismatch`, naming what differs
 */
export function checkSameRun(
  stored: RunConfig,
  wanted: RunConfig,
  path: string,
  options: { readonly fromStart: boolean },
): void {
  const keys = [
    'backend',
    'seed',
    'recipe',
    'task',
    'architecture',
    'training',
    'validation',
    'unlabelled',
  ] as const;
  checkSame(stored, wanted, options.fromStart ? [...keys, 'initialWeights'] : keys, path);
}
