import { createHash } from 'node:crypto';
import type { StateDict } from '@infnet/core-model';
import type { PreparedSample } from '../data/sample.js';
import type { Recipe } from '../recipe.js';
import { checkSame } from './run-files.js';

/** A run folder's `config.json`: what has to be the same for a run to be taken up again. */
export interface RunConfig {
  readonly format: 'infnet-run';
  readonly versions: Readonly<Record<string, string>>;
  readonly backend: string;
  readonly seed: number;
  readonly recipe: Recipe;
  /** The network's options. */
  readonly architecture: object;
  /** SHA-256 of the state dict that the run started from. */
  readonly initialWeights: string;
  /** Id → SHA-256 of image, mask and edge as prepared for training. */
  readonly training: Readonly<Record<string, string>>;
  readonly validation: Readonly<Record<string, string>>;
}

/** SHA-256 of every tensor's name and bytes, in order. */
export function hashStateDict(dict: StateDict): string {
  const hash = createHash('sha256');
  for (const [name, { data }] of dict) {
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}

/** Id → SHA-256 of the slice's pixels. */
export function hashSamples(samples: readonly PreparedSample[]): Record<string, string> {
  return Object.fromEntries(
    samples.map(({ id, image, mask, edge }) => [
      id,
      createHash('sha256').update(image).update(mask).update(edge).digest('hex'),
    ]),
  );
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
  const keys = ['backend', 'seed', 'recipe', 'architecture', 'training', 'validation'] as const;
  checkSame(stored, wanted, options.fromStart ? [...keys, 'initialWeights'] : keys, path);
}
