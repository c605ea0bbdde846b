import { join } from 'node:path';
import { readBytes } from '@infnet/core-model';
import { openFolder, writeWhole } from '../checkpoint/run-files.js';
import { gatherData, type DataSource, type TrainingData, type ValidationShare } from '../data/gather-data.js';
import type { PreparedSample } from '../data/sample.js';
import { TrainingError } from '../errors.js';
import type { TrainableModel } from '../model.js';
import { generatePseudoLabels, type PseudoLabelResult } from '../pseudo/generate-pseudo-labels.js';
import type { GroupOptions } from '../pseudo/groups.js';
import type { PseudoLabelIO } from '../pseudo/label-folder.js';
import type { PseudoLabelStyle } from '../pseudo/pseudo-label.js';
import type { SupervisedResult } from '../train-network.js';
import { trainSupervised } from '../train-supervised.js';
import type { SemiSupervisedEvent } from './events.js';
import { semiSupervisedRecipes, type Stage, type StageRecipes } from './stage-recipes.js';

/** A network that can be given back. */
export type DisposableModel = TrainableModel & { dispose(): void };

/** What a Semi-Inf-Net is trained from, and how. */
export interface SemiSupervisedOptions extends GroupOptions, PseudoLabelStyle {
  /** A new network to start from: random, or with pre-trained weights; the same at every call. Asked for twice. */
  readonly createModel: () => DisposableModel | Promise<DisposableModel>;
  /** The weights of `createModel` are not random. Default false. */
  readonly pretrained?: boolean;
  /** The labelled slices. */
  readonly labelled: DataSource;
  /** Folder of images without labels, or with such images in its `Imgs`. */
  readonly unlabelled: string;
  /** Slices to validate every stage on, never trained on. Default `{ fraction: 0.16 }` of the labelled ones; 0 for none. */
  readonly validation?: DataSource | ValidationShare;
  readonly io: PseudoLabelIO;
  /** Default: `semiSupervisedRecipes('default')`. All stages run at one size. */
  readonly recipes?: StageRecipes;
  /**
   * What pre-training sees: `pseudo` (default, the paper): pseudo-labelled slices alone. `hybrid`: the labelled ones too,
   * as in the released code, which copies the whole hybrid folder.
   */
  readonly preTrainOn?: 'pseudo' | 'hybrid';
  /** Default 0. */
  readonly seed?: number;
  /** Holds a folder for each stage, and `model.safetensors` at the end. */
  readonly runFolder: string;
  /** Go on with what is in `runFolder`. Default false: a folder that holds a stage is refused. */
  readonly resume?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: SemiSupervisedEvent) => void;
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
  const recipes = options.recipes ?? semiSupervisedRecipes('default');
  const size = checkSizes(recipes);
  await refuseForeign(options);
  const { labelled, validation = { fraction: 0.16 }, io, seed = 0, signal } = options;
  const data = await gatherData({ data: labelled, validation, io, size, seed, maskValues: 'binary', signal });
  const training = new StagedTraining(options, recipes, data);

  const first = await options.createModel();
  const { supervised, pseudoLabels } = await usingModel(first, async () => ({
    supervised: await training.train('supervised', first, data.training, options.pretrained ?? false),
    pseudoLabels: await training.propagate(first),
  }));
  const second = await options.createModel();
  return usingModel(second, async () => {
    const { samples } = pseudoLabels;
    const hybrid = options.preTrainOn === 'hybrid' ? [...data.training, ...samples] : samples;
    const preTrained = await training.train('pre-train', second, hybrid, options.pretrained ?? false);
    const fineTuned = await training.train('fine-tune', second, data.training, true);
    const { runFolder } = options;
    for (const name of ['MODEL_CARD.md', 'model.safetensors']) {
      await writeWhole(join(runFolder, name), await readBytes(join(runFolder, 'fine-tune', name)));
    }
    const modelPath = join(runFolder, 'model.safetensors');
    return { supervised, pseudoLabels, preTrained, fineTuned, modelPath };
  });
}

/** The stages on one data set and one run folder. */
class StagedTraining {
  readonly #options: SemiSupervisedOptions;
  readonly #recipes: StageRecipes;
  readonly #data: TrainingData;

  constructor(options: SemiSupervisedOptions, recipes: StageRecipes, data: TrainingData) {
    this.#options = options;
    this.#recipes = recipes;
    this.#data = data;
  }

  async train(
    stage: Exclude<Stage, 'propagation'>,
    model: TrainableModel,
    prepared: readonly PreparedSample[],
    pretrained: boolean,
  ): Promise<SupervisedResult> {
    this.#announce(stage);
    const { validation, problems } = this.#data;
    for (const { code, message, hint, subject } of stage === 'supervised' ? problems : []) {
      const event = { type: 'warning', step: 0, code, message, hint, subject } as const;
      this.#options.onProgress?.({ type: 'stage-training', stage, event });
    }
    const { io } = this.#options;
    return trainSupervised({
      model,
      data: { prepared },
      validation: validation.length > 0 ? { prepared: validation } : { fraction: 0 },
      recipe: this.#recipes[stage],
      pretrained,
      encodeGrey: (image) => io.encodeGrey(image),
      ...(stage === 'fine-tune' && { origin: 'a network pre-trained on pseudo-labelled slices' }),
      ...this.#common(stage),
      onProgress: (event) => this.#options.onProgress?.({ type: 'stage-training', stage, event }),
    });
  }

  async propagate(model: TrainableModel): Promise<PseudoLabelResult> {
    const stage = 'propagation';
    this.#announce(stage);
    const { training, validation } = this.#data;
    return generatePseudoLabels({
      ...this.#options,
      model,
      labelled: { prepared: training },
      validation: validation.length > 0 ? { prepared: validation } : { fraction: 0 },
      recipe: this.#recipes[stage],
      ...this.#common(stage),
      onProgress: (event) => this.#options.onProgress?.({ type: 'stage-propagation', stage, event }),
    });
  }

  /** Every stage takes up what it finds; whether the whole folder may be taken up was asked before. */
  #common(stage: Stage): { seed: number; runFolder: string; resume: true; signal?: AbortSignal } {
    const { seed = 0, runFolder, signal } = this.#options;
    return { seed, runFolder: join(runFolder, stage), resume: true, ...(signal && { signal }) };
  }

  #announce(stage: Stage): void {
    const number = STAGES.indexOf(stage) + 1;
    this.#options.onProgress?.({ type: 'stage', stage, number, stages: STAGES.length });
  }
}

function checkSizes(recipes: StageRecipes): number {
  const { size } = recipes.supervised;
  const other = STAGES.find((stage) => recipes[stage].size !== size);
  if (other === undefined) return size;
  throw new TrainingError(
    'invalid-option',
    `stage ${other} is to run at ${recipes[other].size} px, stage supervised at ${size}`,
    'Give all stages the same size.',
  );
}

async function refuseForeign({ runFolder, resume = false }: SemiSupervisedOptions): Promise<void> {
  const names = await openFolder(runFolder);
  if (resume || !STAGES.some((stage) => names.has(stage))) return;
  throw new TrainingError(
    'run-exists',
    `${runFolder} already holds a run`,
    'Resume it, or name another folder; runs are not overwritten.',
  );
}

async function usingModel<T>(model: { dispose(): void }, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } finally {
    model.dispose();
  }
}
