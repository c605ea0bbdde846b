import { gatherData, type DataSource, type ValidationShare } from '../data/gather-data.js';
import type { SliceIO } from '../data/sample.js';
import { DatasetError } from '../errors.js';
import { checkRecipe, networkRecipe, type NetworkRecipe } from '../recipe.js';
import { trainNetwork, type RunOptions, type SupervisedResult } from '../train-network.js';
import type { WorkerOptions } from '../worker-options.js';
import { encodeSlices, type GateSlice, type SliceEncoder } from './gate-slice.js';
import { gateTask, type TrainableGate } from './gate-task.js';
import type { GateScores } from './gate-scores.js';

/** What training a gate is made of. */
export interface SliceGateTrainingOptions extends Omit<RunOptions, keyof WorkerOptions> {
  /** Trained in place. */
  readonly gate: TrainableGate;
  /** The trained segmentation network, which stays as it is. */
  readonly encoder: SliceEncoder;
  /** The slices that the network was trained on, and some without infection: a folder with `Imgs` and `GT`, or samples. */
  readonly data: DataSource;
  /** Slices to validate on, or the share of `data` to set aside. Default `{ fraction: 0.16 }`. */
  readonly validation?: DataSource | ValidationShare;
  readonly io?: SliceIO;
  /** Default {@link GATE_RECIPE}; its size is to be that of the network's training. */
  readonly recipe?: NetworkRecipe;
  /** Varied copies that are encoded of each slice. Default 4. */
  readonly copies?: number;
}

/** How a completed training of a gate ended. */
export interface SliceGateResult extends SupervisedResult {
  readonly validation: GateScores | null;
}

/** Two small layers on vectors that are computed once: seconds of training, so there is no reason to hurry. */
export const GATE_RECIPE: NetworkRecipe = {
  preset: 'slice-gate',
  size: 352,
  batchSize: 16,
  microBatchSize: 32,
  epochs: 60,
  optimiser: 'adam',
  momentum: 0,
  learningRate: 3e-3,
  schedule: 'warmup-cosine',
  warmupSteps: 20,
  clip: null,
  averageDecay: 0.99,
  augment: 'full',
  scales: [1],
};

/** Copies that one forward pass of the encoder takes. */
const ENCODED_TOGETHER = 5;

/**
 * Trains a gate to tell slices with infection from those without: by whether anything is marked in their masks. The
 * encoder is frozen, so each slice and some varied copies of it are encoded once; what is trained are two small layers.
 * See `trainNetwork` for what every run guarantees.
 *
 * @throws DatasetError `no-samples` where one of the two kinds is missing
 * @throws TrainingError as `trainNetwork`
 */
export async function trainSliceGate(options: SliceGateTrainingOptions): Promise<SliceGateResult> {
  const { encoder, gate, copies = 4, seed = 0, signal } = options;
  const recipe = networkRecipe(checkRecipe(options.recipe ?? GATE_RECIPE));
  const { size, augment } = recipe;
  const samples = await gatherData({
    data: options.data,
    validation: options.validation ?? { fraction: 0.16 },
    io: options.io,
    size,
    seed,
    maskValues: 'binary',
    signal,
  });
  const how = { augment, seed, batchSize: ENCODED_TOGETHER, signal };
  const training = await encodeSlices(encoder, samples.training, { ...how, copies });
  const validation = await encodeSlices(encoder, samples.validation, { ...how, copies: 0 });
  const task = gateTask({ size, infectedWeight: infectedWeight(training) });
  const data = { training, validation, problems: samples.problems };
  return (await trainNetwork({ ...options, model: gate, task, data, recipe })) as SliceGateResult;
}

/** Healthy slices for each infected one: with it both kinds weigh the same. */
function infectedWeight(slices: readonly GateSlice[]): number {
  const infected = slices.filter((slice) => slice.infected).length;
  const healthy = slices.length - infected;
  if (infected > 0 && healthy > 0) return healthy / infected;
  throw new DatasetError(
    'no-samples',
    `of ${slices.length} slices to learn from ${infected} show infection: a gate learns from slices with and without`,
    'Add slices whose masks are empty; `infnet dataset` makes both kinds of volumes with masks.',
  );
}
