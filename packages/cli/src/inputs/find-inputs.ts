import { stat } from 'node:fs/promises';
import { basename, relative, resolve } from 'node:path';
import { describeFailure, type Failure } from '../errors.js';
import { listImages } from './list-images.js';

/** One file to work on. */
export interface Input {
  /** As given on the command line, or found in a folder given there. */
  readonly path: string;
  /**
   * What reports call it: the base name, or the path below the given folder. Reports are passed on, so they do not tell
   * where on this machine the file lies.
   */
  readonly name: string;
}

/** An input that cannot be used. */
export interface InputFailure extends Failure {
  readonly input: string;
}

/** What the arguments hold. */
export interface FoundInputs {
  readonly inputs: readonly Input[];
  readonly failures: readonly InputFailure[];
}

/**
 * Files named on the command line, and the images in the folders named there. A file named twice is taken once.
 *
 * @param except a folder that is never searched: the one for results
 */
export async function findInputs(arguments_: readonly string[], except?: string): Promise<FoundInputs> {
  const inputs: Input[] = [];
  const failures: InputFailure[] = [];
  const seen = new Set<string>();
  const add = (path: string, name: string): void => {
    if (!seen.has(resolve(path))) inputs.push({ path, name });
    seen.add(resolve(path));
  };
  for (const argument of arguments_) {
    try {
      if (!(await stat(argument)).isDirectory()) {
        add(argument, basename(argument));
        continue;
      }
      const found = await listImages(argument, { recursive: true, ...(except !== undefined && { except }) });
      if (found.length === 0) failures.push(emptyFolder(argument));
      for (const path of found) add(path, relative(argument, path).replaceAll('\\', '/'));
    } catch (error) {
      failures.push({ input: argument, ...describeFailure(error) });
    }
  }
  return { inputs, failures };
}

function emptyFolder(folder: string): InputFailure {
  return {
    input: folder,
    code: 'no-images',
    message: `${folder}: no image in it or in its sub-folders`,
    hint: 'name a folder with .nii, .nii.gz, .nrrd, .mha, .png or .jpg files',
  };
}
