import type { SharedBatch } from '@infnet/core-model';
import * as tf from '@tensorflow/tfjs';
import type { TrainableNetwork } from '../model.js';
import type { Objective, TrainingBatch } from '../objective/objective.js';
import { FlatGroups } from '../optim/flat-groups.js';
import type { NetworkRecipe } from '../recipe.js';
import { Trainer, type LossAndGradients, type StepReport } from '../trainer.js';
import type { StepPass } from './divide.js';
import type { Team } from './team.js';

/**
 * A trainer that has its share of every batch, one of several that keep their networks equal to the last bit. Each makes the
 * optimiser step itself, from the same sums: sending the weights around instead takes as long as what it would spare (the full
 * network, two workers: 0.4 s for the sums and 0.4 s for Adam, in a step of 6.7 s at 352x352).
 */
export class TeamTrainer<Model extends TrainableNetwork, Batch extends TrainingBatch> extends Trainer<
  Model,
  Batch
> {
  readonly #team: Team;

  constructor(model: Model, objective: Objective<Model, Batch>, recipe: NetworkRecipe, team: Team) {
    super(model, objective, recipe);
    this.#team = team;
  }

  /** One step of all, with these items in each pass. @throws NonFiniteLossError in all of them alike */
  takePart(passes: readonly StepPass<Batch>[], learningRate: number): Promise<StepReport> {
    return this.stepIn(passes, learningRate);
  }

  protected override sharedBatchOf(pass: StepPass<Batch>): SharedBatch {
    return this.#team.sharedBatch(pass);
  }

  protected override async complete(
    { loss, gradients }: LossAndGradients,
    passes: readonly StepPass<Batch>[],
  ): Promise<LossAndGradients> {
    const sums: tf.Tensor1D[] = [];
    for (const vector of gradients) sums.push(await this.#sum(vector));
    // A worker without a slice has seen no statistics.
    if (passes.some(({ parts }) => parts < this.#team.size)) await this.#takeStatistics();
    return { loss: await this.#sum(loss), gradients: sums };
  }

  /** Over all workers; takes ownership of the vector. */
  async #sum<T extends tf.Tensor>(vector: T): Promise<T> {
    const values = await vector.data<'float32'>();
    vector.dispose();
    this.#team.sum(values);
    return tf.tensor(values, vector.shape) as T;
  }

  /** Takes over the running statistics of the first worker. */
  async #takeStatistics(): Promise<void> {
    const groups = new FlatGroups(this.model.buffers().values());
    const own = groups.gather();
    const values = await groups.read(own);
    this.#team.takeFromFirst(values);
    const taken = groups.write(values);
    groups.scatter(taken);
    tf.dispose([own, taken]);
  }
}
