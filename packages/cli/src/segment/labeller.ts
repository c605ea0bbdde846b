import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  loadModel,
  readClassFacts,
  readWeights,
  type ClassFacts,
  type SegmentationNetwork,
} from '@infnet/core-model';
import { CliError } from '../errors.js';
import { readModelBytes } from '../inputs/read-model-bytes.js';
import { priorCopy } from './prior-copy.js';
import { DEFAULT_SIZE, trainedSize } from './trained-size.js';

/** A network that tells classes of infection apart, ready to predict. */
export interface Labeller {
  /** In its fused form; dispose of it when done. */
  readonly network: SegmentationNetwork;
  readonly about: LabellerFacts;
}

/** What identifies it, for reports. */
export interface LabellerFacts extends ClassFacts {
  readonly path: string;
  /** Base name of the file. */
  readonly name: string;
  readonly sha256: string;
  readonly parameters: number;
  /** Side length of the slices that it sees. */
  readonly size: number;
  readonly architecture: object;
}

/**
 * Loads a multi-class network; its file says what its classes are, and how large it wants slices.
 *
 * @throws CliError `model-not-readable`, `model-not-usable`
 */
export async function loadLabeller(path: string): Promise<Labeller> {
  const bytes = await readModelBytes(path);
  const trainable = await parse(path, bytes);
  try {
    const { metadata } = readWeights(bytes);
    const about: LabellerFacts = {
      path,
      name: basename(path),
      sha256: createHash('sha256').update(bytes).digest('hex'),
      parameters: trainable.parameterCount,
      size: trainedSize(metadata) ?? DEFAULT_SIZE,
      architecture: { name: trainable.architecture, ...trainable.options },
      ...readClassFacts(trainable, metadata),
    };
    return { network: trainable.fuse(), about };
  } finally {
    trainable.dispose();
  }
}

async function parse(path: string, bytes: Uint8Array): Promise<SegmentationNetwork> {
  const unusable = (why: string, options?: ErrorOptions): CliError =>
    new CliError(
      'model-not-usable',
      `${path} is no multi-class network that can be used: ${why}`,
      'name a file that `infnet train --task multi-class` wrote, or the authors’ .pth; an Inf-Net goes with --model',
      options,
    );
  try {
    const network: SegmentationNetwork = await loadModel(bytes);
    if (network.classes > 1) return network;
    network.dispose();
  } catch (cause) {
    throw unusable(cause instanceof Error ? cause.message : String(cause), { cause });
  }
  throw unusable('it tells no classes apart');
}

/**
 * The Inf-Net that a labeller was trained with: training leaves a copy beside its model.
 *
 * @throws CliError `prior-model-missing` where there is none
 */
export async function guideOf({ path, name, prior }: LabellerFacts): Promise<string> {
  if (prior?.kind === 'model') {
    const copy = join(dirname(path), priorCopy(prior.name));
    if (await stat(copy).catch(() => undefined)) return copy;
  }
  const trained = prior?.kind === 'model' ? `was trained with the infection maps of ${prior.name}` : '';
  throw new CliError(
    'prior-model-missing',
    trained === ''
      ? `${name} says of no Inf-Net that it goes with`
      : `${name} ${trained}, of which there is no copy beside it`,
    'name an Inf-Net or Semi-Inf-Net with --model: it finds the infection, and its maps guide the classes',
  );
}

/** Labels with their names: `1 ground-glass, 2 consolidation`. */
export function legend({ classes }: Pick<ClassFacts, 'classes'>): string {
  return classes.map((name, index) => `${index + 1} ${name}`).join(', ');
}
