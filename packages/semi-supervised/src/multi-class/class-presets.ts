import { TrainingError } from '../errors.js';
import { PRESETS, type PresetName } from '../presets.js';
import { checkRecipe, networkRecipe, type NetworkRecipe } from '../recipe.js';
import type { ClassLoss } from './class-objective.js';

/** A recipe for a multi-class network, the network it was made for, and what is minimised. */
export interface ClassPreset {
  /** For `createModel` of `@infnet/core-model`. */
  readonly network: { readonly name: 'multi-class-unet'; readonly width: number };
  readonly recipe: NetworkRecipe;
  readonly loss: ClassLoss;
}

const SMALL = { name: 'multi-class-unet', width: 0.125 } as const;
const FULL = { name: 'multi-class-unet', width: 1 } as const;

const DEFAULT: NetworkRecipe = { ...networkRecipe(PRESETS.default.recipe), learningRate: 3e-3 };

/** The released code's `MyTrain_MulClsLungInf_UNet.py`. */
const REFERENCE: NetworkRecipe = {
  ...networkRecipe(PRESETS.reference.recipe),
  batchSize: 16,
  microBatchSize: 16,
  epochs: 200,
  optimiser: 'sgd',
  momentum: 0.7,
  learningRate: 1e-2,
  schedule: 'constant',
  clip: null,
  scales: [1],
};

const PAPER_SIZE = 512;
const PAPER_BATCH = 16;

/**
 * The named recipes for ground-glass opacity and consolidation.
 *
 * - `default`: a small U-Net from random weights, 256 px, Adam, full augmentation, cross entropy and Dice.
 * - `short`: the same at 192 px with flips only, for fewer steps.
 * - `paper`: 512 px, SGD with momentum 0.99 and weight decay 5e-4, cross entropy. The paper's learning rate of 1e-10 is for a
 *   loss summed over all pixels of a batch; the loss here is their mean, so the rate is that times the pixels of 16 slices.
 * - `reference`: the released code: 352 px, SGD at 1e-2 with momentum 0.7, batches of 16, 200 epochs, three sigmoids with
 *   the background one pixel off. Differs: labels are resized to the nearest, not bilinearly.
 */
export const CLASS_PRESETS: Readonly<Record<PresetName, ClassPreset>> = {
  default: { network: SMALL, recipe: DEFAULT, loss: 'cross-entropy-dice' },
  short: {
    network: SMALL,
    recipe: { ...networkRecipe(PRESETS.short.recipe), learningRate: DEFAULT.learningRate },
    loss: 'cross-entropy-dice',
  },
  paper: {
    network: FULL,
    recipe: {
      ...REFERENCE,
      preset: 'paper',
      size: PAPER_SIZE,
      batchSize: PAPER_BATCH,
      microBatchSize: PAPER_BATCH,
      momentum: 0.99,
      weightDecay: 5e-4,
      learningRate: 1e-10 * PAPER_BATCH * PAPER_SIZE * PAPER_SIZE,
    },
    loss: 'cross-entropy',
  },
  reference: { network: FULL, recipe: REFERENCE, loss: 'reference' },
};

/**
 * A preset's recipe with some options replaced. A smaller `batchSize` takes `microBatchSize` along.
 *
 * @throws TrainingError `invalid-option`
 */
export function resolveClassRecipe(
  name: PresetName,
  overrides: Partial<Omit<NetworkRecipe, 'preset'>> = {},
): NetworkRecipe {
  if (!Object.hasOwn(CLASS_PRESETS, name)) {
    throw new TrainingError(
      'invalid-option',
      `there is no preset ${JSON.stringify(name)}`,
      `Choose one of: ${Object.keys(CLASS_PRESETS).join(', ')}.`,
    );
  }
  const recipe = { ...CLASS_PRESETS[name].recipe, ...overrides };
  const microBatchSize = Math.min(overrides.microBatchSize ?? recipe.batchSize, recipe.batchSize);
  return checkRecipe({ ...recipe, microBatchSize });
}
