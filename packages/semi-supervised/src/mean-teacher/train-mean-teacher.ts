import { composeBatch } from '../data/batch.js';
import { gatherData } from '../data/gather-data.js';
import type { PreparedSample, SliceIO } from '../data/sample.js';
import { TrainingError } from '../errors.js';
import { infection } from '../infection-task.js';
import type { TrainableModel } from '../model.js';
import { rampLength } from '../objective/ramp-up.js';
import { supervisionOf } from '../objective/supervision.js';
import { resolveRecipe } from '../presets.js';
import { checkRecipe, type Recipe } from '../recipe.js';
import type { Task } from '../task.js';
import { trainNetwork, type RunOptions, type SupervisedResult } from '../train-network.js';
import type { SupervisedOptions } from '../train-supervised.js';
import { meanTeacher, type MeanTeacherOptions } from './mean-teacher.js';
import { readUnlabelled } from './read-unlabelled.js';
import { addViews, drawUnlabelled, type TwoViewBatch, type UnlabelledImage } from './views.js';

/** What a student and its teacher are trained from, and how. */
export interface MeanTeacherRunOptions
  extends
    RunOptions,
    Pick<SupervisedOptions, 'model' | 'validation'>,
    Pick<MeanTeacherOptions, 'unlabelledWeight' | 'rampUpSteps' | 'confidence' | 'threshold' | 'edgeWeight'> {
  readonly labelled: SupervisedOptions['data'];
  /** Folder of images without labels, or with such images in its `Imgs`. */
  readonly unlabelled: string;
  readonly io: Required<SliceIO>;
  /** Default: `meanTeacherRecipe` of the preset `default`. */
  readonly recipe?: Recipe;
  /** Unlabelled slices in a batch for each labelled one, a whole number. Default 1. */
  readonly ratio?: number;
}

/** A recipe with a moving average, which is the teacher: decay 0.99 where `base` has none. */
export function meanTeacherRecipe(base: Recipe): Recipe {
  return { ...base, averageDecay: base.averageDecay > 0 ? base.averageDecay : 0.99 };
}

/**
 * Trains a network on labelled and unlabelled slices at once, in one run: see `meanTeacher`. Epochs are those of the labelled
 * slices. The result is the teacher, as of every run that averages weights; with a run folder, it can be killed and goes on
 * bit for bit.
 *
 * @throws DatasetError when nothing is left of either set; single bad files are warnings
 * @throws NonFiniteLossError, TrainingError as `trainNetwork`
 */
export async function trainMeanTeacher(options: MeanTeacherRunOptions): Promise<SupervisedResult> {
  const { pretrained = false, seed = 0, io, signal, ratio = 1 } = options;
  const recipe = checkRecipe(
    options.recipe ?? meanTeacherRecipe(resolveRecipe('default', {}, { pretrained })),
  );
  check(recipe, ratio, options);
  if (options.runFolder !== undefined) {
    const { openMethodFolder } = await import('../semi/method-folder.js');
    await openMethodFolder(options.runFolder, 'mean-teacher', { resume: options.resume ?? false });
  }
  const { size } = recipe;
  const { labelled, validation = { fraction: 0.16 } } = options;
  const data = await gatherData({ data: labelled, validation, io, size, seed, maskValues: 'binary', signal });
  const { images, problems } = await readUnlabelled(options.unlabelled, { io, size, signal });
  const count = data.training.length;
  const objective = meanTeacher({
    ...supervisionOf(recipe, count),
    rampUpSteps: rampLength(recipe, count),
    ...teacherOptions(options),
  });
  const { hashSlices } = await import('../checkpoint/run-config.js');
  const task: Task<TrainableModel, PreparedSample, TwoViewBatch> = {
    ...infection(),
    objective,
    description: { ratio },
    unlabelled: hashSlices(images, ({ image }) => [image]),
    compose(slices, place) {
      const chosen = drawUnlabelled<UnlabelledImage>(
        images,
        place.seed,
        place.step * recipe.batchSize * ratio,
        ratio * slices.length,
      );
      return addViews(composeBatch(slices, recipe, place), chosen, recipe, place);
    },
  };
  return trainNetwork({
    ...options,
    recipe,
    task,
    data: { ...data, problems: [...data.problems, ...problems] },
  });
}

function teacherOptions(options: MeanTeacherRunOptions): MeanTeacherOptions {
  const { unlabelledWeight, rampUpSteps, confidence, threshold, edgeWeight } = options;
  return {
    ...(unlabelledWeight !== undefined && { unlabelledWeight }),
    ...(rampUpSteps !== undefined && { rampUpSteps }),
    ...(confidence && { confidence }),
    ...(threshold !== undefined && { threshold }),
    ...(edgeWeight !== undefined && { edgeWeight }),
  };
}

function check(recipe: Recipe, ratio: number, options: MeanTeacherRunOptions): void {
  const { unlabelledWeight = 1, rampUpSteps = 0, threshold = 0.95 } = options;
  const rules: readonly [string, number, boolean, string][] = [
    ['averageDecay', recipe.averageDecay, recipe.averageDecay > 0, 'above 0: the average is the teacher'],
    ['ratio', ratio, Number.isInteger(ratio) && ratio >= 1, 'a whole number of at least 1'],
    ['unlabelledWeight', unlabelledWeight, unlabelledWeight >= 0 && unlabelledWeight < Infinity, '0 or more'],
    ['rampUpSteps', rampUpSteps, rampUpSteps >= 0 && rampUpSteps < Infinity, '0 or more'],
    ['threshold', threshold, threshold >= 0.5 && threshold <= 1, 'in 0.5 … 1'],
  ];
  for (const [name, value, fine, expected] of rules) {
    if (fine) continue;
    throw new TrainingError('invalid-option', `${name} is ${value}`, `${name} has to be ${expected}.`);
  }
}
