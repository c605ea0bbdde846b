import { stat } from 'node:fs/promises';
import { InfNet, selectBackend, type SelectedBackend } from '@infnet/core-model';
import { encodePng, gradientEdge, readGreyImage, resizeBilinear } from '@infnet/io-medical';
import { PRESETS, type PresetName, type PseudoLabelIO, type Recipe } from '@infnet/semi-supervised';
import { CliError } from '../errors.js';
import { readModelBytes } from '../inputs/read-model-bytes.js';
import type { Reporter } from '../progress/reporter.js';

/** Options that decide with what network, on what slices and by what recipe is trained. */
export interface TrainingChoices {
  readonly preset: PresetName;
  readonly width?: number;
  readonly size?: number;
  readonly epochs?: number;
  readonly batch?: number;
  readonly lr?: number;
  readonly boundaryLoss?: number;
  readonly seed: number;
  readonly valFraction?: number;
  readonly valDir?: string;
  /** False with `--no-validation`. */
  readonly validation: boolean;
  readonly init?: string;
  /** Threads that divide the slices of a step. Left out: 1. */
  readonly workers?: number;
}

/** What the trainers need of image files. */
export const IO: PseudoLabelIO = {
  readGrey: readGreyImage,
  encodeGrey: encodePng,
  resize: resizeBilinear,
  edge: gradientEdge,
};

/** What the command line says about the recipe; the preset says the rest. */
export function overridesOf({
  size,
  epochs,
  batch,
  lr,
  boundaryLoss,
}: TrainingChoices): Partial<Omit<Recipe, 'preset'>> {
  return {
    ...(size !== undefined && { size }),
    ...(epochs !== undefined && { epochs }),
    ...(batch !== undefined && { batchSize: batch }),
    ...(lr !== undefined && { learningRate: lr }),
    ...(boundaryLoss !== undefined && { boundaryLoss }),
  };
}

export function validationOf({
  validation,
  valDir,
  valFraction,
}: Pick<TrainingChoices, 'validation' | 'valDir' | 'valFraction'>): string | { fraction: number } {
  if (!validation) return { fraction: 0 };
  return valDir === undefined ? { fraction: valFraction ?? 0.16 } : valDir;
}

/**
 * Selects the backend, tells which it is, and gives the workers that were asked for.
 *
 * @throws CliError `usage` for workers on a backend whose threads cannot train together
 */
export async function startBackend(
  { backend: wanted, workers = 1 }: { readonly backend: string; readonly workers?: number },
  reporter: Reporter,
): Promise<{ readonly backend: SelectedBackend; readonly workers: number }> {
  const backend = await selectBackend(wanted);
  reporter.emit({ event: 'backend', ...backend });
  if (workers === 1 || backend.name === 'wasm') return { backend, workers };
  throw new CliError(
    'usage',
    `--workers is for the backend wasm, not ${backend.name}`,
    'leave --workers out, or pass --backend wasm',
  );
}

/** A network with random weights, or the one of `--init` with its own architecture. */
export async function startModel({ init, preset, width, seed }: TrainingChoices): Promise<InfNet> {
  const { network } = PRESETS[preset];
  if (init === undefined) return InfNet.create({ ...network, ...(width !== undefined && { width }), seed });
  const bytes = await readModelBytes(init);
  const model = await InfNet.fromPretrained(bytes);
  if (width !== undefined && width !== model.options.width) {
    const own = model.options.width;
    model.dispose();
    throw new CliError('usage', `${init} has width ${own}, which --width cannot change`, 'leave --width out');
  }
  return model;
}

/** @throws CliError `not-a-folder`, with what the folder should hold */
export async function ensureFolder(folder: string, holding: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory()) return;
  throw new CliError(
    'not-a-folder',
    `${folder}: ${found ? 'it is a file, not a folder' : 'no such folder'}`,
    `name a folder that holds ${holding}`,
  );
}
