import { TrainingError } from './errors.js';
import { checkRecipe, type NetworkRecipe, type Recipe } from './recipe.js';

/** Names of {@link PRESETS}. */
export type PresetName = 'default' | 'short' | 'paper' | 'reference';

/** The network a preset was made for; give it to `InfNet.create`. */
export interface NetworkSize {
  readonly backbone: 'res2net50';
  /** Multiplier on the channel counts of backbone, edge and reverse attention. */
  readonly width: number;
  /** Channels of the receptive-field blocks and the decoder. */
  readonly channels: number;
  /** Blocks in each of the backbone's four stages. */
  readonly blocks: readonly [number, number, number, number];
}

/** A recipe and the network it goes with. */
export interface Preset {
  readonly network: NetworkSize;
  readonly recipe: Recipe;
}

const SMALL: NetworkSize = { backbone: 'res2net50', width: 0.25, channels: 16, blocks: [2, 2, 2, 2] };
const FULL: NetworkSize = { backbone: 'res2net50', width: 1, channels: 32, blocks: [3, 4, 6, 3] };

const DEFAULT: Recipe = {
  preset: 'default',
  size: 256,
  batchSize: 6,
  microBatchSize: 6,
  epochs: 157,
  optimiser: 'adam',
  momentum: 0,
  learningRate: 1e-2,
  schedule: 'warmup-cosine',
  warmupSteps: 20,
  clip: 0.5,
  averageDecay: 0.99,
  augment: 'full',
  scales: [1],
  edgeTarget: 'mask',
  loss: 'paper',
};

/** The released code's `MyTrain_LungInf.py`, quirks included. */
const REFERENCE: Recipe = {
  preset: 'reference',
  size: 352,
  batchSize: 24,
  microBatchSize: 24,
  epochs: 99,
  optimiser: 'adam',
  momentum: 0,
  learningRate: 1e-4,
  schedule: 'released',
  warmupSteps: 0,
  clip: 0.5,
  averageDecay: 0,
  augment: 'none',
  scales: [0.75, 1, 1.25],
  edgeTarget: 'file',
  loss: 'reference',
};

/**
 * The named recipes.
 *
 * - `default`: a small network from random weights, 6,600 image-steps on 42 slices. Full augmentation; the paper's
 *   per-pixel weighting of the BCE (in PyTorch the released plain mean gave the same Dice).
 * - `short`: the same at 192 px with flips only, 2,400 image-steps.
 * - `paper`: section IV: 352 px, Adam at a constant 1e-4, 100 epochs, batches of 16 (its fine-tuning size, the one for
 *   labelled slices), three scales, nothing about clipping, averaging or augmentation. Wants pre-trained weights.
 * - `reference`: the released code: batches of 24, element-wise clamp at 0.5, a learning rate that all but ends
 *   training at epoch 51, plain mean BCE. Wants pre-trained weights.
 */
export const PRESETS: Readonly<Record<PresetName, Preset>> = {
  default: { network: SMALL, recipe: DEFAULT },
  short: { network: SMALL, recipe: { ...DEFAULT, preset: 'short', size: 192, epochs: 57, augment: 'flip' } },
  paper: {
    network: FULL,
    recipe: {
      ...REFERENCE,
      preset: 'paper',
      batchSize: 16,
      microBatchSize: 16,
      epochs: 100,
      schedule: 'constant',
      clip: null,
      loss: 'paper',
    },
  },
  reference: { network: FULL, recipe: REFERENCE },
};

/** Learning rate of `default` and `short` when the weights are pre-trained. */
export const PRETRAINED_LEARNING_RATE = 1e-4;

/** From here down, random weights hardly learn within these presets' epochs (Dice .45 against .63). */
const LOW_LEARNING_RATE = 1e-4;

/**
 * A preset's recipe with some options replaced. A smaller `batchSize` takes `microBatchSize` along.
 *
 * @param options.pretrained lowers the learning rate of `default` and `short` to {@link PRETRAINED_LEARNING_RATE}
 * @throws TrainingError `invalid-option`
 */
export function resolveRecipe(
  name: PresetName,
  overrides: Partial<Omit<Recipe, 'preset'>> = {},
  options: { readonly pretrained?: boolean } = {},
): Recipe {
  const preset = Object.hasOwn(PRESETS, name) ? PRESETS[name] : undefined;
  if (!preset) {
    throw new TrainingError(
      'invalid-option',
      `there is no preset ${JSON.stringify(name)}`,
      `Choose one of: ${Object.keys(PRESETS).join(', ')}.`,
    );
  }
  const rate = options.pretrained
    ? Math.min(preset.recipe.learningRate, PRETRAINED_LEARNING_RATE)
    : undefined;
  const recipe = { ...preset.recipe, ...(rate !== undefined && { learningRate: rate }), ...overrides };
  const microBatchSize = Math.min(overrides.microBatchSize ?? recipe.batchSize, recipe.batchSize);
  return checkRecipe({ ...recipe, microBatchSize });
}

/** True where random weights would meet a learning rate made for pre-trained ones. */
export function learningRateTooLow(recipe: NetworkRecipe, pretrained: boolean): boolean {
  return !pretrained && recipe.optimiser === 'adam' && recipe.learningRate <= LOW_LEARNING_RATE;
}
