import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readBytes, readSafetensors, type StateDict } from '@infnet/core-model';
import {
  appendLine,
  checkSame,
  cutLog,
  readRunJson,
  storedConfig,
  writeWhole,
} from '../checkpoint/run-files.js';
import { TrainingError } from '../errors.js';
import type { Recipe } from '../recipe.js';
import type { PropagationEvent, RoundEvent } from './events.js';
import { LabelFolder, type PseudoLabelIO } from './label-folder.js';
import type { PseudoLabelStyle } from './pseudo-label.js';

/** A propagation's `config.json`: what has to be the same for it to be taken up again. */
export interface PropagationConfig {
  readonly format: 'infnet-propagation';
  readonly versions: Readonly<Record<string, string>>;
  readonly backend: string;
  readonly seed: number;
  readonly recipe: Recipe;
  readonly style: Required<PseudoLabelStyle>;
  readonly architecture: object;
  /** SHA-256 of the state dict that the first group is predicted with. */
  readonly initialWeights: string;
  /** Id → SHA-256, as in a run's `config.json`. */
  readonly labelled: Readonly<Record<string, string>>;
  readonly validation: Readonly<Record<string, string>>;
  /** Id → SHA-256 of the file. */
  readonly unlabelled: Readonly<Record<string, string>>;
  /** Ids by round. */
  readonly groups: readonly (readonly string[])[];
}

/** `state.json`: how far it has come. */
export interface PropagationState {
  readonly format: 'infnet-propagation-state';
  /** Rounds that are finished. */
  readonly rounds: number;
  /** Ids in finished rounds that could not be decoded. */
  readonly leftOut: readonly string[];
}

const NOTHING_DONE: PropagationState = { format: 'infnet-propagation-state', rounds: 0, leftOut: [] };

/**
 * The files of one propagation:
 *
 * - `config.json`, `log.jsonl`, `state.json`, and `curves.csv`: one round a line
 * - `labels`: the pseudo-labelled slices, a data set of its own
 * - `rounds/0007`: the run folder of the last finished round, and of the one under way
 * - `model.safetensors`: the network after the last round
 *
 * `state.json` is replaced when a round is finished, and only then are the files of the round before removed.
 */
export class PropagationFolder {
  readonly path: string;
  readonly labels: LabelFolder;
  readonly model: string;
  readonly #log: string;
  #finished: RoundEvent[] = [];

  private constructor(path: string, io: PseudoLabelIO, style: PseudoLabelStyle) {
    this.path = path;
    this.labels = new LabelFolder(join(path, 'labels'), io, style);
    this.model = join(path, 'model.safetensors');
    this.#log = join(path, 'log.jsonl');
  }

  /**
   * @param options.resume go on with the propagation in the folder; without one there, start it
   * @throws TrainingError `run-exists`, `run-mismatch`, `run-not-writable`, `damaged-checkpoint`
   */
  static async open(
    path: string,
    config: PropagationConfig,
    { resume, io }: { readonly resume: boolean; readonly io: PseudoLabelIO },
  ): Promise<{ folder: PropagationFolder; state: PropagationState }> {
    const folder = new PropagationFolder(path, io, config.style);
    const stored = await storedConfig<PropagationConfig>(path, 'infnet-propagation', { resume });
    if (stored) {
      const { format: _format, versions: _versions, ...compared } = config;
      checkSame(stored, config, Object.keys(compared) as (keyof typeof compared)[], path);
    }
    const stateFile = join(path, 'state.json');
    const state =
      stored && existsSync(stateFile)
        ? await readRunJson<PropagationState>(stateFile, 'infnet-propagation-state')
        : NOTHING_DONE;
    const kept = await cutLog<PropagationEvent>(folder.#log, (line) => line.round <= state.rounds);
    folder.#finished = kept.filter((event) => event.type === 'round');
    await folder.labels.open();
    await mkdir(join(path, 'rounds'), { recursive: true });
    if (!stored) await writeWhole(join(path, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
    await folder.#tidyRounds(state.rounds);
    return { folder, state };
  }

  append(event: PropagationEvent): void {
    appendLine(this.#log, event);
    if (event.type === 'round') this.#finished.push(event);
  }

  /** Run folder of a round, from 1. */
  round(round: number): string {
    return join(this.path, 'rounds', String(round).padStart(4, '0'));
  }

  /** The weights that a finished round ended with. @throws TrainingError `damaged-checkpoint` */
  async weightsOf(round: number): Promise<StateDict> {
    const path = join(this.round(round), 'model.safetensors');
    try {
      return readSafetensors(await readBytes(path));
    } catch (cause) {
      throw new TrainingError(
        'damaged-checkpoint',
        `${path}, the snapshot of round ${round}, cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
        'Restore the file, or start the propagation anew in another folder.',
        { cause },
      );
    }
  }

  /** Makes a finished round count. */
  async finishRound(state: PropagationState): Promise<void> {
    await writeWhole(join(this.path, 'state.json'), `${JSON.stringify(state)}\n`);
    await this.#writeCurves();
    await this.#tidyRounds(state.rounds);
  }

  /** Puts the last round's network where users look for it. */
  async publish(round: number): Promise<void> {
    for (const name of ['MODEL_CARD.md', 'model.safetensors']) {
      await writeWhole(join(this.path, name), await readBytes(join(this.round(round), name)));
    }
    await this.#writeCurves();
  }

  /** One round a line, without times. */
  async #writeCurves(): Promise<void> {
    const lines = this.#finished.map(({ round, loss, slices, left, validation }) =>
      [round, loss, slices, left, validation?.meanDice ?? '', validation?.dice ?? ''].join(','),
    );
    const text = ['round,loss,slices,left,meanDice,dice', ...lines].map((line) => `${line}\n`).join('');
    await writeWhole(join(this.path, 'curves.csv'), text);
  }

  /** Keeps the last finished round and those after it. */
  async #tidyRounds(finished: number): Promise<void> {
    const place = join(this.path, 'rounds');
    const old = (await readdir(place)).filter((name) => /^\d+$/.test(name) && Number(name) < finished);
    await Promise.all(old.map((name) => rm(join(place, name), { recursive: true })));
  }
}
