import type { Batch } from './data/batch.js';
import { gatherData, type DataSource, type ValidationShare } from './data/gather-data.js';
import type { MaskValues, SliceIO } from './data/sample.js';
import { infectionTask } from './infection-task.js';
import type { TrainableModel } from './model.js';
import { deepSupervision } from './objective/deep-supervision.js';
import type { Objective } from './objective/objective.js';
import { supervisionOf } from './objective/supervision.js';
import { resolveRecipe } from './presets.js';
import { checkRecipe, type Recipe } from './recipe.js';
import { trainNetwork, type RunOptions, type SupervisedResult } from './train-network.js';

/** What a supervised run is made of. */
export interface SupervisedOptions extends RunOptions {
  /** Trained in place; holds the averaged weights at the end. */
  readonly model: TrainableModel;
  /** The labelled slices: a folder with `Imgs`, `GT` and perhaps `Edge`, or samples in memory. */
  readonly data: DataSource;
  /** Slices to validate on, or the share of `data` to set aside. Default `{ fraction: 0.16 }`; 0 for none. */
  readonly validation?: DataSource | ValidationShare;
  /** Reads and resizes pictures; needed for folders and for samples of another size than the recipe's. */
  readonly io?: SliceIO;
  /** Default: the preset `default`. */
  readonly recipe?: Recipe;
  /** What is minimised. Default: `deepSupervision` as the recipe says. */
  readonly objective?: Objective<TrainableModel, Batch>;
  /** `'soft'` for grey pseudo labels. Default `'binary'`. */
  readonly maskValues?: MaskValues;
  /**
   * How labels were made that nobody drew, as plain JSON: kept with the run and in the model card, and compared when the run
   * is taken up again.
   */
  readonly pseudoLabels?: Readonly<Record<string, unknown>>;
}

/**
 * Trains a network to find infection, on labelled slices; see `trainNetwork` for what every run guarantees.
 *
 * @throws DatasetError when no slice is usable; single bad files are warnings
 * @throws NonFiniteLossError, TrainingError as `trainNetwork`
 */
export async function trainSupervised(options: SupervisedOptions): Promise<SupervisedResult> {
  const { pretrained = false, seed = 0, pseudoLabels } = options;
  const recipe = checkRecipe(options.recipe ?? resolveRecipe('default', {}, { pretrained }));
  const data = await gatherData({
    data: options.data,
    validation: options.validation ?? { fraction: 0.16 },
    io: options.io,
    size: recipe.size,
    seed,
    maskValues: options.maskValues ?? 'binary',
    signal: options.signal,
  });
  const objective = options.objective ?? deepSupervision(supervisionOf(recipe, data.training.length));
  const task = {
    ...infectionTask(recipe, objective),
    ...(pseudoLabels && { description: { pseudoLabels } }),
  };
  return trainNetwork({ ...options, task, data, recipe });
}
