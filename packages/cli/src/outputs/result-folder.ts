import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError } from '../errors.js';
import { atomicWrite } from './atomic-write.js';
import { ensureWritableFolder } from './writable.js';

/**
 * Where a run's results lie:
 *
 * - `masks/NAME.nii.gz` or `.png`, `lungs/NAME.nii.gz`, `labels/NAME...`, `probabilities/NAME...`, `overlays/NAME.png` or `overlays/NAME/slice-012.png`
 * - `dicom/NAME.seg.dcm`, `dicom/NAME.sr.dcm`, with `--dicom`
 * - `cases/NAME.json`: what was found in one input; there only when its other files are, which `--continue` relies on
 * - `report.json`, `report.html`
 *
 * Every path that is handed out is relative to the folder, with `/`.
 */
export class ResultFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * @param options.reuse earlier results may be there (`--overwrite` or `--continue`)
   * @throws CliError `output-not-writable`, `output-exists`
   */
  static async open(path: string, { reuse }: { readonly reuse: boolean }): Promise<ResultFolder> {
    await ensureWritableFolder(path);
    const folder = new ResultFolder(path);
    if (!reuse && ((await folder.has('report.json')) || (await folder.has('cases')))) {
      throw new CliError(
        'output-exists',
        `${path} holds earlier results`,
        'name another folder, or add --continue to do what is missing, or --overwrite to replace them',
      );
    }
    return folder;
  }

  /** Absolute or given path of a file in the folder. */
  at(relative: string): string {
    return join(this.path, relative);
  }

  async has(relative: string): Promise<boolean> {
    return (await stat(this.at(relative)).catch(() => undefined)) !== undefined;
  }

  /** Names in one of its folders; none where it is missing. */
  async list(relative: string): Promise<string[]> {
    return readdir(this.at(relative)).catch(() => []);
  }

  async write(relative: string, data: string | Uint8Array): Promise<void> {
    await atomicWrite(this.at(relative), data);
  }

  /** A JSON file of the folder, or undefined when it is missing or damaged. */
  async readJson(relative: string): Promise<unknown> {
    try {
      return JSON.parse(await readFile(this.at(relative), 'utf8'));
    } catch {
      return undefined;
    }
  }
}
