import { appendFileSync } from 'node:fs';
import { mkdir, readdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { readBytes, writeBytes } from '@infnet/core-model';
import { TrainingError } from '../errors.js';
import type { TrainingEvent } from '../events.js';
import { checkSameRun, type RunConfig } from './run-config.js';
import { decodeTrainingState, encodeTrainingState, type TrainingState } from './training-state.js';

/**
 * The files of one run:
 *
 * - `config.json`: versions, seed, recipe, architecture, hashes of the data
 * - `log.jsonl`: one event a line
 * - `last.safetensors`: the whole training state, to resume from
 * - `best.safetensors`: averaged weights at the best validation, to predict with
 * - `model.safetensors`: averaged weights at the end, to predict with
 *
 * Every file but the log appears whole or not at all, so the folder is sound whenever the process dies.
 */
export class RunFolder {
  readonly path: string;
  readonly last: string;
  readonly best: string;
  readonly model: string;
  readonly #config: string;
  readonly #log: string;

  private constructor(path: string) {
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
    const folder = new RunFolder(path);
    const files = await folder.#list();
    const stored = files.has('config.json') ? await folder.#readConfig() : null;
    if (stored && !options.resume) {
      throw new TrainingError(
        'run-exists',
        `${path} already holds a run`,
        'Resume it, or name another folder; runs are not overwritten.',
      );
    }
    const state =
      stored && files.has('last.safetensors')
        ? decodeTrainingState(await readBytes(folder.last), folder.last)
        : null;
    if (stored) checkSameRun(stored, config, path, { fromStart: state === null });
    await folder.#truncateLog(state?.progress.step ?? null);
    if (!stored) await folder.#write(folder.#config, encode(`${JSON.stringify(config, null, 2)}\n`));
    return { folder, state, versions: stored?.versions ?? config.versions };
  }

  /** Appends a line to the log; there when the call returns. */
  append(event: TrainingEvent): void {
    try {
      appendFileSync(this.#log, `${JSON.stringify(event)}\n`);
    } catch (cause) {
      throw notWritable(this.#log, cause);
    }
  }

  /** Replaces `last.safetensors`. */
  async saveState(state: TrainingState): Promise<void> {
    await this.#write(this.last, encodeTrainingState(state));
  }

  async #list(): Promise<Set<string>> {
    try {
      await mkdir(this.path, { recursive: true });
      const names = await readdir(this.path);
      const abandoned = names.filter((name) => name.endsWith('.tmp'));
      await Promise.all(abandoned.map((name) => unlink(join(this.path, name))));
      return new Set(names);
    } catch (cause) {
      throw notWritable(this.path, cause);
    }
  }

  async #readConfig(): Promise<RunConfig> {
    try {
      const config = JSON.parse(await readFile(this.#config, 'utf8')) as RunConfig;
      if (config.format !== 'infnet-run') throw new Error('it is of another kind');
      return config;
    } catch (cause) {
      throw new TrainingError(
        'damaged-checkpoint',
        `${this.#config} cannot be read: ${messageOf(cause)}`,
        'Start the run anew in another folder.',
        { cause },
      );
    }
  }

  /** Drops lines of steps after `step` (all of them for null) and a torn last line: those steps will be made again. */
  async #truncateLog(step: number | null): Promise<void> {
    const text = await readFile(this.#log, 'utf8').catch(() => '');
    const kept = text.split('\n').filter((line) => step !== null && stepOf(line) <= step);
    await this.#write(this.#log, encode(kept.map((line) => `${line}\n`).join('')));
  }

  async #write(path: string, bytes: Uint8Array): Promise<void> {
    try {
      await writeBytes(path, bytes);
    } catch (cause) {
      throw notWritable(path, cause);
    }
  }
}

function stepOf(line: string): number {
  try {
    return (JSON.parse(line) as TrainingEvent).step;
  } catch {
    return Infinity;
  }
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function notWritable(path: string, cause: unknown): TrainingError {
  return new TrainingError(
    'run-not-writable',
    `${path} cannot be written: ${messageOf(cause)}`,
    'Check that the folder may be written to and the disk has room, or name another folder.',
    { cause },
  );
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
