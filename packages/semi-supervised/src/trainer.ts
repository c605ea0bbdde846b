import type { SharedBatch, StateDict } from '@infnet/core-model';
import * as tf from '@tensorflow/tfjs';
import { WeightAverage, type AverageState } from './average.js';
import { NonFiniteLossError } from './errors.js';
import type { TrainableNetwork } from './model.js';
import type { Objective, TrainingBatch } from './objective/objective.js';
import { Adam } from './optim/adam.js';
import { clipElements } from './optim/clip.js';
import { FlatGroups } from './optim/flat-groups.js';
import type { Optimiser, OptimiserState } from './optim/optimiser.js';
import { Sgd } from './optim/sgd.js';
import { divideStep, type StepPass } from './parallel/divide.js';
import type { NetworkRecipe } from './recipe.js';

/** What one optimiser step saw. */
export interface StepReport {
  /** Of the batch, before the step. */
  readonly loss: number;
  /** L2 norm over all gradient elements, before clipping. */
  readonly gradientNorm: number;
}

/** Everything that training changes; restoring it continues training bit for bit. */
export interface TrainerState {
  readonly weights: StateDict;
  readonly optimiser: OptimiserState;
  /** Null where the recipe averages nothing. */
  readonly average: AverageState | null;
}

/**
 * One network in training: `step` by `step`, with the recipe's optimiser, clipping and averaging, towards an objective.
 * It knows nothing of epochs, files or schedules; `trainNetwork` does.
 *
 * Owns the optimiser's and the average's tensors, not the model: dispose of both.
 */
export class Trainer<Model extends TrainableNetwork, Batch extends TrainingBatch> {
  readonly model: Model;
  readonly objective: Objective<Model, Batch>;
  readonly recipe: NetworkRecipe;
  readonly #variables: readonly tf.Variable[];
  readonly #parameters: FlatGroups;
  readonly #optimiser: Optimiser;
  readonly #average: WeightAverage | null;
  #steps = 0;

  constructor(model: Model, objective: Objective<Model, Batch>, recipe: NetworkRecipe) {
    this.model = model;
    this.objective = objective;
    this.recipe = recipe;
    this.#variables = [...model.parameters().values()];
    this.#parameters = new FlatGroups(this.#variables);
    this.#optimiser =
      recipe.optimiser === 'adam'
        ? new Adam(this.#parameters)
        : new Sgd(this.#parameters, recipe.momentum, recipe.weightDecay);
    this.#average = recipe.averageDecay > 0 ? new WeightAverage(model, recipe.averageDecay) : null;
  }

  /** Number of trainable values. */
  get parameterCount(): number {
    return this.#parameters.length;
  }

  /**
   * One optimiser step on a batch: forward, loss, backward, clip, update, average.
   *
   * @throws NonFiniteLossError before any weight is changed (running statistics of batch norm have been)
   */
  async step(batch: Batch, learningRate: number): Promise<StepReport> {
    const { microBatchSize } = this.recipe;
    const part = (whole: Batch, begin: number, end: number): Batch => this.objective.part(whole, begin, end);
    const [passes] = divideStep(batch, { workers: 1, microBatchSize, part });
    return this.stepIn(passes!, learningRate);
  }

  /** As {@link step}, in these passes. */
  protected async stepIn(passes: readonly StepPass<Batch>[], learningRate: number): Promise<StepReport> {
    const { gradients, report } = await this.#backward(passes);
    // Both: wasm's ReLU turns NaN into 0, so that a broken picture can leave the loss finite and not the gradient.
    if (!Number.isFinite(report.loss) || !Number.isFinite(report.gradientNorm)) {
      tf.dispose(gradients);
      const ids = passes.flatMap(({ items }) => items?.ids ?? []);
      throw new NonFiniteLossError(ids, report.loss, this.#steps + 1);
    }
    const clipped = clipElements(gradients, this.recipe.clip);
    this.#optimiser.apply(clipped, learningRate);
    tf.dispose(clipped);
    this.#average?.update();
    this.#steps += 1;
    return report;
  }

  /** Runs `run` with the averaged weights in the model, if the recipe averages, and puts the others back. */
  async withAverage<T>(run: () => Promise<T>): Promise<T> {
    return this.#average ? this.#average.during(run) : run();
  }

  /** Leaves the averaged weights in the model: the end of training. */
  adoptAverage(): void {
    this.#average?.adopt();
  }

  async state(): Promise<TrainerState> {
    return {
      weights: await this.model.stateDict(),
      optimiser: await this.#optimiser.state(),
      average: this.#average ? await this.#average.state() : null,
    };
  }

  restore(state: TrainerState): void {
    this.model.loadStateDict(state.weights);
    this.#optimiser.restore(state.optimiser);
    if (state.average) this.#average?.restore(state.average);
    this.#steps = state.optimiser.step;
  }

  dispose(): void {
    this.#optimiser.dispose();
    this.#average?.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** What others have of the pass's batch; nobody. */
  protected sharedBatchOf(_pass: StepPass<Batch>): SharedBatch | undefined {
    return undefined;
  }

  /** Adds what others have to what is here, and takes ownership of that. */
  protected complete(
    own: LossAndGradients,
    _passes: readonly StepPass<Batch>[],
  ): LossAndGradients | Promise<LossAndGradients> {
    return own;
  }

  /** Gradients of the whole step as vectors, and what is told of it. */
  async #backward(
    passes: readonly StepPass<Batch>[],
  ): Promise<{ gradients: tf.Tensor1D[]; report: StepReport }> {
    const own = this.#sum(passes);
    const { loss, gradients } = await this.complete(own, passes);
    const figures = tf.tidy(() => {
      const squares = gradients.map((gradient) => tf.tidy(() => gradient.square().sum<tf.Scalar>()));
      return tf.stack([loss, tf.addN(squares).sqrt()]); // [2]
    });
    const [value, gradientNorm] = await figures.data<'float32'>();
    tf.dispose([figures, loss]);
    return { gradients, report: { loss: value as number, gradientNorm: gradientNorm as number } };
  }

  /** Loss and gradients summed over the passes, each weighted by its share of the step's items; those that are here. */
  #sum(passes: readonly StepPass<Batch>[]): LossAndGradients {
    let sum: LossAndGradients | undefined;
    for (const pass of passes) {
      if (pass.items === null) continue;
      const { items } = pass;
      const before = sum;
      sum = tf.tidy(() => {
        const { loss, gradients } = this.#differentiate(items, pass);
        if (pass.share === 1) return { loss, gradients };
        return {
          loss: addShare(before?.loss, loss, pass.share),
          gradients: gradients.map((now, group) => addShare(before?.gradients[group], now, pass.share)),
        };
      });
    }
    return sum ?? { loss: tf.scalar(0), gradients: this.#parameters.zeros() };
  }

  /** Loss and gradient vectors of items that fit one pass, as much of it as is here. Call inside a tidy. */
  #differentiate(items: Batch, pass: StepPass<Batch>): LossAndGradients {
    const loss = this.objective.prepare(items, {
      model: this.model,
      step: this.#steps,
      averaged: (run) => (this.#average ? this.#average.within(run) : run()),
      sharedBatch: this.sharedBatchOf(pass),
    });
    const share = (): tf.Scalar => (pass.held === 1 ? loss() : loss().mul(pass.held));
    const { value, grads } = tf.variableGrads(share, [...this.#variables]);
    const gradients = this.#parameters.gather((variable) => grads[variable.name] ?? tf.zeros(variable.shape));
    return { loss: value, gradients };
  }
}

/** Of a step, or of the items of it that are here. */
export interface LossAndGradients {
  readonly loss: tf.Scalar;
  /** [N] each. */
  readonly gradients: tf.Tensor1D[];
}

/** `earlier + share * now`, or without anything earlier the share alone; takes ownership of both. */
function addShare<T extends tf.Tensor>(earlier: T | undefined, now: T, share: number): T {
  const sum = tf.tidy(() => (earlier ? earlier.add<T>(now.mul(share)) : now.mul<T>(share)));
  tf.dispose([now, ...(earlier ? [earlier] : [])]);
  return sum;
}
