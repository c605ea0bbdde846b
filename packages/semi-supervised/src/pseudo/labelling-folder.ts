import { join } from 'node:path';
import { appendLine, checkSame, cutLog, storedConfig, writeWhole } from '../checkpoint/run-files.js';
import { LabelFolder, type PseudoLabelIO } from './label-folder.js';
import type { PseudoLabelStyle } from './pseudo-label.js';

/** The `config.json` of slices that are labelled once: what has to be the same to go on with them. */
export interface LabellingConfig {
  readonly format: 'infnet-labelling';
  readonly versions: Readonly<Record<string, string>>;
  readonly backend: string;
  /** Side length in pixels that the teacher sees. */
  readonly size: number;
  readonly style: Required<PseudoLabelStyle>;
  readonly architecture: object;
  /** SHA-256 of the teacher's state dict. */
  readonly teacher: string;
  /** Id → SHA-256 of the file. */
  readonly unlabelled: Readonly<Record<string, string>>;
}

/** What labelling tells while it goes on; all but `slice-labelled` are also lines of its `log.jsonl`. */
export type LabellingEvent =
  | {
      readonly type: 'labelling-start';
      /** Slices that have their label already: above 0 when resumed. */
      readonly done: number;
      readonly total: number;
    }
  | {
      /** A slice has its label, or is left out. */
      readonly type: 'slice-labelled';
      readonly id: string;
      /** Slices that were gone through, this one included. */
      readonly done: number;
      readonly total: number;
    }
  | {
      /** An image that is left out. */
      readonly type: 'warning';
      readonly code: string;
      readonly message: string;
      readonly hint: string;
      readonly subject: string;
    }
  | {
      readonly type: 'labelling-end';
      readonly reason: 'completed' | 'aborted' | 'failed';
      readonly seconds: number;
    };

/**
 * The files of slices that are labelled once: `config.json`, `log.jsonl`, and `labels`, a data set of its own. A label that
 * is there counts, so nothing else has to be remembered.
 */
export class LabellingFolder {
  readonly labels: LabelFolder;
  readonly #log: string;

  private constructor(path: string, io: PseudoLabelIO, style: PseudoLabelStyle) {
    this.labels = new LabelFolder(join(path, 'labels'), io, style);
    this.#log = join(path, 'log.jsonl');
  }

  /**
   * @param options.resume go on with the labels in the folder; without any there, begin
   * @throws TrainingError `run-exists`, `run-mismatch`, `run-not-writable`, `damaged-checkpoint`
   */
  static async open(
    path: string,
    config: LabellingConfig,
    { resume, io }: { readonly resume: boolean; readonly io: PseudoLabelIO },
  ): Promise<LabellingFolder> {
    const folder = new LabellingFolder(path, io, config.style);
    const stored = await storedConfig<LabellingConfig>(path, 'infnet-labelling', { resume });
    if (stored) {
      const { format: _format, versions: _versions, ...compared } = config;
      checkSame(stored, config, Object.keys(compared) as (keyof typeof compared)[], path);
    } else await writeWhole(join(path, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
    // Images that cannot be used are told again each time.
    await cutLog<LabellingEvent>(folder.#log, ({ type }) => type !== 'warning');
    await folder.labels.open();
    return folder;
  }

  append(event: LabellingEvent): void {
    appendLine(this.#log, event);
  }
}
