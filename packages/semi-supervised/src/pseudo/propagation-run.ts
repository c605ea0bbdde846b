import * as tf from '@tensorflow/tfjs';
import type { TrainingData } from '../data/gather-data.js';
import type { PreparedSample } from '../data/sample.js';
import { SampleError } from '../errors.js';
import type { TrainingEvent } from '../events.js';
import { Random } from '../random.js';
import type { SupervisedResult } from '../train-network.js';
import { trainSupervised } from '../train-supervised.js';
import { workerOptions } from '../worker-options.js';
import type { PropagationEvent, RoundEvent } from './events.js';
import type { PseudoLabelOptions, PseudoLabelResult } from './generate-pseudo-labels.js';
import { labelSlice, readLabelled } from './label-slice.js';
import type { PropagationConfig, PropagationFolder, PropagationState } from './propagation-folder.js';
import type { UnlabelledListing, UnlabelledSlice } from './unlabelled-folder.js';

/** The slices that a propagation works on. */
export interface PropagationData {
  readonly data: TrainingData;
  readonly listing: UnlabelledListing;
}

/** Algorithm 1 under way. The hybrid set of labelled and pseudo-labelled slices stays in memory, prepared. */
export class PropagationRun {
  readonly #options: PseudoLabelOptions;
  readonly #config: PropagationConfig;
  readonly #work: PropagationData;
  readonly #folder: PropagationFolder;
  readonly #files: ReadonlyMap<string, UnlabelledSlice>;
  readonly #pseudo: PreparedSample[] = [];
  readonly #started = performance.now();
  readonly #begunAt: number;
  #state: PropagationState;

  constructor(
    options: PseudoLabelOptions,
    config: PropagationConfig,
    work: PropagationData,
    folder: PropagationFolder,
    state: PropagationState,
  ) {
    this.#options = options;
    this.#config = config;
    this.#work = work;
    this.#folder = folder;
    this.#state = state;
    this.#begunAt = state.rounds;
    this.#files = new Map(work.listing.slices.map((slice) => [slice.id, slice]));
  }

  async complete(): Promise<PseudoLabelResult> {
    this.#announce();
    try {
      await this.#restore();
      for (let round = this.#state.rounds + 1; round <= this.#config.groups.length; round++) {
        this.#options.signal?.throwIfAborted();
        await this.#round(round);
      }
      await this.#folder.publish(this.#state.rounds);
      this.#end('completed');
    } catch (error) {
      this.#end(this.#options.signal?.aborted ? 'aborted' : 'failed');
      throw error;
    }
    return {
      folder: this.#folder.labels.path,
      samples: this.#pseudo,
      leftOut: this.#state.leftOut,
      modelPath: this.#folder.model,
    };
  }

  /** Takes up what finished rounds left: their labels and the last one's weights. */
  async #restore(): Promise<void> {
    const { rounds, leftOut } = this.#state;
    for (const id of this.#config.groups.slice(0, rounds).flat()) {
      if (leftOut.includes(id)) continue;
      this.#pseudo.push(await readLabelled(this.#folder.labels, this.#fileOf(id), this.#config.recipe.size));
    }
    if (rounds > 0) this.#options.model.loadStateDict(await this.#folder.weightsOf(rounds));
  }

  async #round(round: number): Promise<void> {
    const begin = performance.now();
    const leftOut = await this.#label(round);
    const epochLoss = { value: NaN };
    const { validation } = await this.#fineTune(round, epochLoss);
    const { groups } = this.#config;
    const perRound = secondsSince(this.#started) / (round - this.#begunAt);
    const event: RoundEvent = {
      type: 'round',
      round,
      rounds: groups.length,
      loss: epochLoss.value,
      slices: this.#work.data.training.length + this.#pseudo.length,
      left: groups.slice(round).flat().length,
      validation,
      seconds: secondsSince(begin),
      secondsLeft: perRound * (groups.length - round),
    };
    this.#folder.append(event); // first, so that a round that counts is in the log
    this.#state = { ...this.#state, rounds: round, leftOut: [...this.#state.leftOut, ...leftOut] };
    await this.#folder.finishRound(this.#state);
    this.#options.onProgress?.(event);
  }

  /** Predicts a group and adds it to the hybrid set. Gives the ids of images that could not be decoded. */
  async #label(round: number): Promise<string[]> {
    const { model, io } = this.#options;
    const { recipe, style } = this.#config;
    const { labels } = this.#folder;
    const leftOut: string[] = [];
    const ids = this.#config.groups[round - 1] ?? [];
    for (const id of ids) {
      const labelled = await labelSlice(model, this.#fileOf(id), { labels, style, size: recipe.size, io });
      if (labelled instanceof SampleError) {
        leftOut.push(id);
        this.#warn(round, labelled);
      } else this.#pseudo.push(labelled);
    }
    const added = this.#pseudo.slice(this.#pseudo.length - ids.length + leftOut.length);
    this.#emit({
      type: 'pseudo-labels',
      round,
      ids: ids.filter((id) => !leftOut.includes(id)),
      means: added.map(({ mask }) => mask.reduce((sum, value) => sum + value, 0) / (255 * mask.length)),
    });
    return leftOut;
  }

  async #fineTune(round: number, epochLoss: { value: number }): Promise<SupervisedResult> {
    const { model, seed = 0, signal } = this.#options;
    const { training, validation } = this.#work.data;
    return trainSupervised({
      ...workerOptions(this.#options),
      model,
      data: { prepared: [...training, ...this.#pseudo] },
      validation: validation.length > 0 ? { prepared: validation } : { fraction: 0 },
      recipe: this.#config.recipe,
      pretrained: true,
      pseudoLabels: { method: 'algorithm-1', ...this.#config.style },
      origin: round === 1 ? 'the network given to propagation' : `round ${round - 1} of propagation`,
      seed: Random.of(seed, 'round', round).uint32(),
      runFolder: this.#folder.round(round),
      resume: true,
      validateEvery: this.#config.recipe.epochs,
      ...(signal && { signal }),
      onProgress: (event: TrainingEvent) => {
        if (event.type === 'epoch') epochLoss.value = event.loss;
        this.#options.onProgress?.({ type: 'round-training', round, event });
      },
    });
  }

  #fileOf(id: string): UnlabelledSlice {
    return this.#files.get(id) as UnlabelledSlice;
  }

  #announce(): void {
    const { data, listing } = this.#work;
    const { groups } = this.#config;
    this.#emit({
      type: 'propagation-start',
      round: this.#state.rounds,
      rounds: groups.length,
      labelled: data.training.length,
      unlabelled: groups.flat().length,
      backend: tf.getBackend(),
      runFolder: this.#folder.path,
    });
    for (const problem of [...data.problems, ...listing.problems]) this.#warn(this.#state.rounds, problem);
  }

  #warn(round: number, { code, message, hint, subject }: SampleError): void {
    this.#emit({ type: 'warning', round, code, message, hint, subject });
  }

  #end(reason: 'completed' | 'aborted' | 'failed'): void {
    const seconds = secondsSince(this.#started);
    this.#emit({ type: 'propagation-end', round: this.#state.rounds, reason, seconds });
  }

  #emit(event: PropagationEvent): void {
    if (event.type !== 'round-training') this.#folder.append(event);
    this.#options.onProgress?.(event);
  }
}

function secondsSince(begin: number): number {
  return (performance.now() - begin) / 1000;
}
