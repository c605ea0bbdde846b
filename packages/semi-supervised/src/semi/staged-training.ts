import { join } from 'node:path';
import { readBytes } from '@infnet/core-model';
import { writeWhole } from '../checkpoint/run-files.js';
import { gatherData, type DataSource, type TrainingData, type ValidationShare } from '../data/gather-data.js';
import type { PreparedSample } from '../data/sample.js';
import { TrainingError } from '../errors.js';
import type { TrainableModel } from '../model.js';
import type { PseudoLabelIO } from '../pseudo/label-folder.js';
import type { PseudoLabelStyle } from '../pseudo/pseudo-label.js';
import type { Recipe } from '../recipe.js';
import type { SupervisedResult } from '../train-network.js';
import { trainSupervised, type SupervisedOptions } from '../train-supervised.js';
import { workerOptions, type WorkerOptions } from '../worker-options.js';
import type { AnyStage, SemiSupervisedEvent, TrainingStage } from './events.js';

/** A network that can be given back. */
export type DisposableModel = TrainableModel & { dispose(): void };

/** What every training in stages on labelled and unlabelled slices is made of. */
export interface StagedOptions extends PseudoLabelStyle, WorkerOptions {
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
  /** Default 0. */
  readonly seed?: number;
  /** Holds a folder for each stage, and `model.safetensors` at the end. */
  readonly runFolder: string;
  /** Go on with what is in `runFolder`. Default false: a folder that holds a stage is refused. */
  readonly resume?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: SemiSupervisedEvent) => void;
}

/** What a stage learns by and from, and where it starts. */
export interface StageTraining extends Pick<SupervisedOptions, 'origin' | 'pretrained' | 'pseudoLabels'> {
  readonly model: TrainableModel;
  readonly slices: readonly PreparedSample[];
  readonly recipe: Recipe;
}

/** The stages of one training, on the same labelled slices, in one run folder. */
export class StagedTraining {
  readonly data: TrainingData;
  readonly #options: StagedOptions;
  readonly #stages: readonly AnyStage[];

  private constructor(options: StagedOptions, stages: readonly AnyStage[], data: TrainingData) {
    this.#options = options;
    this.#stages = stages;
    this.data = data;
  }

  /** Reads the labelled slices. @throws DatasetError, TrainingError as `gatherData` */
  static async prepare(
    options: StagedOptions,
    stages: readonly AnyStage[],
    size: number,
  ): Promise<StagedTraining> {
    const { labelled, validation = { fraction: 0.16 }, io, seed = 0, signal } = options;
    const data = await gatherData({
      data: labelled,
      validation,
      io,
      size,
      seed,
      maskValues: 'binary',
      signal,
    });
    return new StagedTraining(options, stages, data);
  }

  /** Says that a stage begins. */
  announce(stage: AnyStage): void {
    const number = this.#stages.indexOf(stage) + 1;
    this.#options.onProgress?.({ type: 'stage', stage, number, stages: this.#stages.length });
  }

  async train(
    stage: TrainingStage,
    { model, slices, ...training }: StageTraining,
  ): Promise<SupervisedResult> {
    this.announce(stage);
    const { io, onProgress } = this.#options;
    const tell: SupervisedOptions['onProgress'] = (event) =>
      onProgress?.({ type: 'stage-training', stage, event });
    for (const { code, message, hint, subject } of stage === 'supervised' ? this.data.problems : []) {
      tell({ type: 'warning', step: 0, code, message, hint, subject });
    }
    return trainSupervised({
      ...training,
      model,
      data: { prepared: slices },
      validation: this.validation,
      encodeGrey: (image) => io.encodeGrey(image),
      ...this.common(stage),
      onProgress: tell,
    });
  }

  /** The slices held out of every stage. */
  get validation(): DataSource | ValidationShare {
    const { validation } = this.data;
    return validation.length > 0 ? { prepared: validation } : { fraction: 0 };
  }

  /** Every stage takes up what it finds; whether the whole folder may be taken up was asked before. */
  common(
    stage: AnyStage,
  ): WorkerOptions & { seed: number; runFolder: string; resume: true; signal?: AbortSignal } {
    const { seed = 0, runFolder, signal } = this.#options;
    return {
      ...workerOptions(this.#options),
      seed,
      runFolder: join(runFolder, stage),
      resume: true,
      ...(signal && { signal }),
    };
  }

  /** Puts a stage's network where users look for it; gives its path. */
  async publish(stage: TrainingStage): Promise<string> {
    const { runFolder } = this.#options;
    for (const name of ['MODEL_CARD.md', 'model.safetensors']) {
      await writeWhole(join(runFolder, name), await readBytes(join(runFolder, stage, name)));
    }
    return join(runFolder, 'model.safetensors');
  }
}

/** The side length of all stages. @throws TrainingError `invalid-option` where they differ */
export function commonSize(recipes: Readonly<Record<string, Recipe>>): number {
  const [[first, { size }], ...rest] = Object.entries(recipes) as [[string, Recipe], ...[string, Recipe][]];
  const other = rest.find(([, recipe]) => recipe.size !== size);
  if (other === undefined) return size;
  throw new TrainingError(
    'invalid-option',
    `stage ${other[0]} is to run at ${other[1].size} px, stage ${first} at ${size}`,
    'Give all stages the same size.',
  );
}

/** Makes a network, runs, and gives the network back. */
export async function usingModel<T>(
  { createModel }: Pick<StagedOptions, 'createModel'>,
  run: (model: DisposableModel) => Promise<T>,
): Promise<T> {
  const model = await createModel();
  try {
    return await run(model);
  } finally {
    model.dispose();
  }
}
