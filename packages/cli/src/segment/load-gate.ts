import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { SliceGate } from '@infnet/core-model';
import { CliError } from '../errors.js';
import { readModelBytes } from '../inputs/read-model-bytes.js';

/** What identifies a slice gate, and how it is used. */
export interface GateFacts {
  /** Base name of the file. */
  readonly name: string;
  readonly sha256: string;
  /** Probability of infection below which a slice counts as healthy. */
  readonly threshold: number;
}

/** A gate ready for a pool; dispose of it when the pool is there. */
export interface LoadedGate {
  readonly gate: SliceGate;
  readonly about: GateFacts;
}

/** @throws CliError `model-not-readable`, `gate-not-usable` */
export async function loadGate(file: string, threshold: number): Promise<LoadedGate> {
  const bytes = await readModelBytes(file);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  try {
    const gate = await SliceGate.fromPretrained(bytes);
    return { gate, about: { name: basename(file), sha256, threshold } };
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw new CliError(
      'gate-not-usable',
      `${file} is no slice gate: ${cause.message}`,
      'name model.safetensors of a run folder of `infnet train-gate`',
      { cause },
    );
  }
}
