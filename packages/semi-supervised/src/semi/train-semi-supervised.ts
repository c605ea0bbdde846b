import { generatePseudoLabels, type PseudoLabelResult } from '../pseudo/generate-pseudo-labels.js';
import type { GroupOptions } from '../pseudo/groups.js';
import { resolveStyle } from '../pseudo/pseudo-label.js';
import type { SupervisedResult } from '../train-network.js';
import { openMethodFolder } from './method-folder.js';
import { semiSupervisedRecipes, type Stage, type StageRecipes } from './stage-recipes.js';
import { commonSize, StagedTraining, usingModel, type StagedOptions } from './staged-training.js';

/** What a Semi-Inf-Net is trained from, and how. */
export interface SemiSupervisedOptions extends StagedOptions, GroupOptions {
  /** Default: `semiSupervisedRecipes('default')`. All stages run at one size. */
  readonly recipes?: StageRecipes;
  /**
   * What pre-training sees: `pseudo` (default, the paper): pseudo-labelled slices alone. `hybrid`: the labelled ones too,
   * as in the released code, which copies the whole hybrid folder.
   */
  readonly preTrainOn?: 'pseudo' | 'hybrid';
}

/** What the training of a Semi-Inf-Net gave. */
export interface SemiSupervisedResult {
  /** The network before it saw pseudo labels: the supervised Inf-Net to compare with. */
  readonly supervised: SupervisedResult;
  readonly pseudoLabels: PseudoLabelResult;
  readonly preTrained: SupervisedResult;
  readonly fineTuned: SupervisedResult;
  /** Path of the final `model.safetensors`. */
  readonly modelPath: string;
}

const STAGES: readonly Stage[] = ['supervised', 'propagation', 'pre-train', 'fine-tune'];

/**
 * Trains a Semi-Inf-Net, all of section III-B of the paper in one call: an Inf-Net on the labelled slices; pseudo labels by
 * Algorithm 1; a new Inf-Net pre-trained on them and fine-tuned on the labelled slices.
 *
 * Like each of its stages it may be killed at any moment; the same call with `resume` goes on and ends with the same bytes.
 *
 * @throws DatasetError, NonFiniteLossError, TrainingError as `trainSupervised` and `generatePseudoLabels`
 */
export async function trainSemiSupervised(options: SemiSupervisedOptions): Promise<SemiSupervisedResult> {
  const { preTrainOn = 'pseudo', pretrained = false, resume = false } = options;
  const recipes = options.recipes ?? semiSupervisedRecipes('default');
  const size = commonSize(recipes);
  await openMethodFolder(options.runFolder, 'algorithm-1', { resume });
  const training = await StagedTraining.prepare(options, STAGES, size);
  const { data } = training;

  const { supervised, pseudoLabels } = await usingModel(options, async (model) => ({
    supervised: await training.train('supervised', {
      model,
      slices: data.training,
      recipe: recipes.supervised,
      pretrained,
    }),
    pseudoLabels: await propagate({ ...options, model }, recipes.propagation, training),
  }));
  return usingModel(options, async (model) => {
    const { samples } = pseudoLabels;
    const labels = { pseudoLabels: { method: 'algorithm-1', ...resolveStyle(options), preTrainOn } };
    const preTrained = await training.train('pre-train', {
      model,
      slices: preTrainOn === 'hybrid' ? [...data.training, ...samples] : samples,
      recipe: recipes['pre-train'],
      pretrained,
      ...labels,
    });
    const fineTuned = await training.train('fine-tune', {
      model,
      slices: data.training,
      recipe: recipes['fine-tune'],
      pretrained: true,
      origin: 'a network pre-trained on pseudo-labelled slices',
      ...labels,
    });
    const modelPath = await training.publish('fine-tune');
    return { supervised, pseudoLabels, preTrained, fineTuned, modelPath };
  });
}

async function propagate(
  options: SemiSupervisedOptions & Pick<Parameters<typeof generatePseudoLabels>[0], 'model'>,
  recipe: StageRecipes['propagation'],
  training: StagedTraining,
): Promise<PseudoLabelResult> {
  const stage = 'propagation';
  training.announce(stage);
  return generatePseudoLabels({
    ...options,
    labelled: { prepared: training.data.training },
    validation: training.validation,
    recipe,
    ...training.common(stage),
    onProgress: (event) => options.onProgress?.({ type: 'stage-propagation', stage, event }),
  });
}
