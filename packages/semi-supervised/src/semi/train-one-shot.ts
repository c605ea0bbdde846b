import { labelOnce, type LabelOnceResult } from '../pseudo/label-once.js';
import { resolveStyle } from '../pseudo/pseudo-label.js';
import type { SupervisedResult } from '../train-network.js';
import { openMethodFolder } from './method-folder.js';
import { oneShotRecipes, type OneShotRecipes, type OneShotStage } from './stage-recipes.js';
import { commonSize, StagedTraining, usingModel, type StagedOptions } from './staged-training.js';

/** What a teacher and its student are trained from, and how. */
export interface OneShotOptions extends StagedOptions {
  /** Default: `oneShotRecipes('default')`. Both at one size. */
  readonly recipes?: OneShotRecipes;
}

/** What training on pseudo labels made once gave. */
export interface OneShotResult {
  /** The teacher: the supervised Inf-Net to compare with. */
  readonly supervised: SupervisedResult;
  readonly pseudoLabels: LabelOnceResult;
  readonly student: SupervisedResult;
  /** Path of the student's `model.safetensors`. */
  readonly modelPath: string;
}

const STAGES: readonly OneShotStage[] = ['supervised', 'labelling', 'student'];

/**
 * Trains on pseudo labels that are made once (Lee, ICML workshops 2013; with a new and augmented student, Xie et al., CVPR
 * 2020): a network on the labelled slices; that network, the teacher, labels all others; a new one, the student, is trained
 * on both together. What Algorithm 1 does in hundreds of rounds, in one: `trainSemiSupervised` is the paper's way.
 *
 * Like each of its stages it may be killed at any moment; the same call with `resume` goes on and ends with the same bytes.
 *
 * @throws DatasetError, NonFiniteLossError, TrainingError as `trainSupervised` and `labelOnce`
 */
export async function trainOneShot(options: OneShotOptions): Promise<OneShotResult> {
  const { pretrained = false, resume = false } = options;
  const recipes = options.recipes ?? oneShotRecipes('default');
  const size = commonSize(recipes);
  await openMethodFolder(options.runFolder, 'one-shot', { resume });
  const training = await StagedTraining.prepare(options, STAGES, size);
  const { data } = training;

  const { supervised, pseudoLabels } = await usingModel(options, async (model) => {
    const slices = data.training;
    const teacher = await training.train('supervised', {
      model,
      slices,
      recipe: recipes.supervised,
      pretrained,
    });
    const stage = 'labelling';
    training.announce(stage);
    const labels = await labelOnce({
      ...options,
      model,
      size,
      ...training.common(stage),
      onProgress: (event) => options.onProgress?.({ type: 'stage-labelling', stage, event }),
    });
    return { supervised: teacher, pseudoLabels: labels };
  });
  return usingModel(options, async (model) => {
    const student = await training.train('student', {
      model,
      slices: [...data.training, ...pseudoLabels.samples],
      recipe: recipes.student,
      pretrained,
      pseudoLabels: { method: 'one-shot', ...resolveStyle(options) },
    });
    return { supervised, pseudoLabels, student, modelPath: await training.publish('student') };
  });
}
