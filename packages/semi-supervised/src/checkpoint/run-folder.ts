import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readBytes } from '@infnet/core-model';
import type { TrainingEvent } from '../events.js';
import { Curve, curveCsv } from './curve.js';
import { dataFacts, modelCard, type ModelCardFacts } from './model-card.js';
import { checkSameRun, type RunConfig } from './run-config.js';
import { appendLine, cutLog, storedConfig, writeWhole } from './run-files.js';
import { decodeTrainingState, encodeTrainingState, type TrainingState } from './training-state.js';

/** What a run knows of its model and its folder does not. */
type ModelFacts = Pick<ModelCardFacts, 'parameters' | 'startedFrom' | 'epoch' | 'step' | 'best'> & {
  readonly purpose: string | undefined;
};

/**
 * The files of one run:
 *
 * - `config.json`: versions, seed, recipe, architecture, hashes of the data
 * - `log.jsonl`: one event a line
 * - `curves.csv`: one epoch a line, up to the last checkpoint
 * - `last.safetensors`: the whole training state, to resume from
 * - `best.safetensors`: averaged weights at the best validation, to predict with
 * - `model.safetensors`: averaged weights at the end, to predict with
 * - `MODEL_CARD.md`: what the newest of these two is, and learnt from
 * - `samples`: pictures through the training, where an encoder of pictures is given
 *
 * Every file but the log appears whole or not at all, so the folder is sound whenever the process dies.
 */
export class RunFolder {
  readonly path: string;
  readonly last: string;
  readonly best: string;
  readonly model: string;
  /** Up to the newest event. */
  readonly curve: Curve = new Curve();
  readonly #description: RunConfig;
  readonly #config: string;
  readonly #log: string;

  private constructor(path: string, config: RunConfig) {
    this.#description = config;
    this.path = path;
    this.last = join(path, 'last.safetensors');
    this.best = join(path, 'best.safetensors');
    this.model = join(path, 'model.safetensors');
    this.#config = join(path, 'config.json');
    this.#log = join(path, 'log.jsonl');
  }

  /**
   * Makes the folder ready for a run: a new one, or the stored one to go on with.
   *
   * @param options.resume go on with the run in the folder; without one there, start it
   * @returns the folder, its training state (null at the start) and the versions that began the run
   * @throws TrainingError `run-exists`, `run-mismatch`, `run-not-writable`, `damaged-checkpoint`
   */
  static async open(
    path: string,
    config: RunConfig,
    options: { readonly resume: boolean },
  ): Promise<{ folder: RunFolder; state: TrainingState | null; versions: RunConfig['versions'] }> {
    const folder = new RunFolder(path, config);
    const stored = await storedConfig<RunConfig>(path, 'infnet-run', options);
    const state =
      stored && existsSync(folder.last)
        ? decodeTrainingState(await readBytes(folder.last), folder.last)
        : null;
    if (stored) checkSameRun(stored, config, path, { fromStart: state === null });
    // Lines of steps after the checkpoint go: those steps will be made again.
    const step = state?.progress.step ?? -1;
    const kept = await cutLog<TrainingEvent>(folder.#log, (line) => line.step <= step);
    for (const event of kept) folder.curve.add(event);
    if (!stored) await writeWhole(folder.#config, `${JSON.stringify(config, null, 2)}\n`);
    return { folder, state, versions: stored?.versions ?? config.versions };
  }

  /** Appends a line to the log; there when the call returns. */
  append(event: TrainingEvent): void {
    appendLine(this.#log, event);
    this.curve.add(event);
  }

  /** Replaces `last.safetensors`, and the curve up to it. */
  async saveState(state: TrainingState): Promise<void> {
    await writeWhole(this.last, encodeTrainingState(state));
    await writeWhole(join(this.path, 'curves.csv'), curveCsv(this.curve.points));
  }

  /** What the card of a model says that is saved now. */
  describeModel({ purpose = 'A network.', ...about }: ModelFacts): ModelCardFacts {
    const { training, validation, unlabelled, recipe, task, seed, backend, versions } = this.#description;
    const { architecture, initialWeights } = this.#description;
    const point = this.curve.points.at(-1);
    return {
      format: 'infnet-model-card',
      purpose,
      architecture,
      ...about,
      startedFrom: `${about.startedFrom}, SHA-256 ${initialWeights}`,
      training: dataFacts(training),
      validation: dataFacts(validation),
      ...(unlabelled && { unlabelled: dataFacts(unlabelled) }),
      recipe,
      task,
      seed,
      backend,
      versions,
      scores: point?.epoch === about.epoch ? (point.validation ?? null) : null,
    };
  }

  /** Replaces `MODEL_CARD.md`. */
  async saveCard(facts: ModelCardFacts): Promise<void> {
    await writeWhole(join(this.path, 'MODEL_CARD.md'), modelCard(facts));
  }
}
