import { stat } from 'node:fs/promises';
import { basename, dirname, relative, resolve } from 'node:path';
import { describeFailure, type Failure } from '../errors.js';
import { findSeriesInputs } from './find-series-inputs.js';
import { listImages } from './list-images.js';
import { looksLikeDicom, looksLikeImage } from './stem.js';

/** One image or volume to work on. */
export interface Input {
  /** As given on the command line, or found in a folder given there. */
  readonly path: string;
  /**
   * What reports call it: the base name, or the path below the given folder. Reports are passed on, so they do not tell
   * where on this machine the file lies.
   */
  readonly name: string;
  /** The DICOM files among which it lies, or the archive, and which of the series there it is. */
  readonly series?: { readonly files: string | readonly string[]; readonly index: number };
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
 * What is named on the command line, and the images and DICOM series in the folders and archives named there. DICOM files
 * of one folder are sorted into series, each of which is one input. A file named twice is taken once.
 *
 * @param except a folder that is never searched: the one for results
 */
export async function findInputs(arguments_: readonly string[], except?: string): Promise<FoundInputs> {
  const inputs: Input[] = [];
  const failures: InputFailure[] = [];
  const seen = new Set<string>();
  const slices: string[] = [];
  const add = (path: string, name: string): void => {
    if (!seen.has(resolve(path))) inputs.push({ path, name });
    seen.add(resolve(path));
  };
  for (const argument of new Set(arguments_)) {
    try {
      if ((await stat(argument)).isDirectory()) {
        const found = await searchFolder(argument, except);
        for (const input of found) {
          if (input.series === undefined) add(input.path, input.name);
          else inputs.push(input);
        }
        if (found.length === 0) failures.push(emptyFolder(argument));
      } else if (argument.toLowerCase().endsWith('.zip')) {
        inputs.push(...(await findSeriesInputs(argument, { path: argument, name: basename(argument) })));
      } else if (looksLikeDicom(argument) && !looksLikeImage(argument)) {
        slices.push(argument);
      } else {
        add(argument, basename(argument));
      }
    } catch (error) {
      failures.push({ input: argument, ...describeFailure(error) });
    }
  }
  for (const [folder, files] of byFolder(slices)) {
    try {
      const [first = folder] = files;
      const about = files.length === 1 ? { path: first, name: basename(first) } : aboutFolder(folder);
      inputs.push(...(await findSeriesInputs(files, about)));
    } catch (error) {
      failures.push({ input: folder, ...describeFailure(error) });
    }
  }
  return { inputs, failures };
}

/** Images, and DICOM series folder by folder. A file that only looks like DICOM by lack of an ending is no failure. */
async function searchFolder(folder: string, except: string | undefined): Promise<Input[]> {
  const how = { recursive: true, ...(except !== undefined && { except }) };
  const images = await listImages(folder, how);
  const inputs: Input[] = images.map((path) => ({ path, name: nameBelow(folder, path) }));
  const candidates = await listImages(folder, { ...how, accept: looksLikeDicom });
  let failure: unknown;
  for (const [subfolder, files] of byFolder(candidates)) {
    const about =
      resolve(subfolder) === resolve(folder)
        ? aboutFolder(folder)
        : { path: subfolder, name: nameBelow(folder, subfolder) };
    try {
      inputs.push(...(await findSeriesInputs(files, about)));
    } catch (error) {
      if (files.some((file) => /\.(?:dcm|dicom|ima)$/i.test(file))) failure = error;
    }
  }
  if (inputs.length === 0 && failure !== undefined) throw failure;
  return inputs;
}

function aboutFolder(folder: string): { path: string; name: string } {
  return { path: folder, name: basename(resolve(folder)) };
}

function nameBelow(folder: string, path: string): string {
  return relative(folder, path).replaceAll('\\', '/');
}

function byFolder(paths: readonly string[]): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const path of paths) folders.set(dirname(path), [...(folders.get(dirname(path)) ?? []), path]);
  return folders;
}

function emptyFolder(folder: string): InputFailure {
  return {
    input: folder,
    code: 'no-images',
    message: `${folder}: no image in it or in its sub-folders`,
    hint: 'name a folder with DICOM, .nii, .nii.gz, .nrrd, .mha, .png or .jpg files',
  };
}
