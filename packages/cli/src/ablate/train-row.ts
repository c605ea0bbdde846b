import { InfNet, type Ablation, type InfNetOptions, type StateDict } from '@infnet/core-model';
import { encodePng } from '@infnet/io-medical';
import { trainSupervised, type Recipe } from '@infnet/semi-supervised';
import type { CommandContext } from '../context.js';
import { relay } from '../train/relay.js';
import { measureRow } from './measure-row.js';
import type { RunScores } from './ablation-folder.js';
import type { RunSlices } from './slices.js';

/** What the trainings of an ablation share. */
export interface RowSettings {
  /** Threads that divide the slices of a step. */
  readonly workers: number;
  readonly recipe: Recipe;
  readonly network: Partial<InfNetOptions>;
  /** Weights that the backbone starts from; null for random ones. */
  readonly backbone: StateDict | null;
}

/** One network of the table, trained from one seed. */
export interface RowRun {
  readonly ablation: Ablation;
  readonly seed: number;
  readonly slices: RunSlices;
  /** SHA-256 of the slices to measure on. */
  readonly test: string;
  readonly folder: string;
}

/** Trains a network of the table, going on with what is in its folder, and measures it. */
export async function trainRow(
  { ablation, seed, slices, test, folder }: RowRun,
  { workers, recipe, network, backbone }: RowSettings,
  context: CommandContext,
): Promise<RunScores> {
  const { reporter, signal } = context;
  const model = InfNet.create({ ...network, ...ablation.options, seed });
  try {
    if (backbone) model.loadStateDict(backbone, { part: 'backbone' });
    await trainSupervised({
      workers,
      model,
      data: { prepared: slices.training },
      validation: slices.validation.length > 0 ? { prepared: slices.validation } : { fraction: 0 },
      recipe,
      pretrained: backbone !== null,
      seed,
      encodeGrey: encodePng,
      runFolder: folder,
      resume: true,
      signal,
      onProgress: relay(reporter, recipe, { count: 0 }),
    });
    const measured = await measureRow(model, slices.test, { size: recipe.size, folder }, context);
    return {
      format: 'infnet-ablation-scores',
      row: ablation.row,
      seed,
      parameters: model.parameterCount,
      test,
      ...measured,
    };
  } finally {
    model.dispose();
  }
}
