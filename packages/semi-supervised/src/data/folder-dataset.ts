import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { DatasetError, SampleError } from '../errors.js';
import {
  prepareSample,
  type GreyImage,
  type MaskValues,
  type PreparedSample,
  type SliceIO,
} from './sample.js';
import type { Dataset } from './memory-dataset.js';

const IMAGE_EXTENSIONS = new Set(['.jpg', '.jpeg', '.png', '.bmp', '.tif', '.tiff']);
const FOLDER_HINT =
  'Expected the authors’ layout: DATA/Imgs with images, DATA/GT with masks of the same names, and optionally DATA/Edge.';

/** The files of one labelled slice. */
export interface SlicePaths {
  readonly id: string;
  readonly image: string;
  readonly mask: string;
  readonly edge?: string;
  readonly uncertainty?: string;
}

/** Pairs of a folder by file stem, sorted by id, and one error for each file without a partner. */
export interface FolderListing {
  readonly pairs: readonly SlicePaths[];
  readonly problems: readonly SampleError[];
}

/**
 * Pairs `Imgs/NAME.*` with `GT/NAME.*` and, where there are such, `Edge/NAME.*` and `Uncertainty/NAME.*`. Other files are
 * ignored.
 *
 * @throws DatasetError `folder-not-readable` when `Imgs` or `GT` is not there
 */
export async function listFolder(folder: string): Promise<FolderListing> {
  const problems: SampleError[] = [];
  const [images, masks] = await Promise.all([
    listImages(join(folder, 'Imgs'), problems),
    listImages(join(folder, 'GT'), problems),
  ]);
  const edges = await listImages(join(folder, 'Edge'), problems, { optional: true });
  const doubts = await listImages(join(folder, 'Uncertainty'), problems, { optional: true });

  const pairs: SlicePaths[] = [];
  for (const [id, image] of images) {
    const mask = masks.get(id);
    const edge = edges.get(id);
    const uncertainty = doubts.get(id);
    if (mask) pairs.push({ id, image, mask, ...(edge && { edge }), ...(uncertainty && { uncertainty }) });
    else problems.push(withoutPartner('missing-mask', image, `no mask ${join(folder, 'GT', id)}.*`));
  }
  for (const [id, mask] of masks) {
    if (images.has(id)) continue;
    problems.push(withoutPartner('missing-image', mask, `no image ${join(folder, 'Imgs', id)}.*`));
  }
  return { pairs, problems };
}

/**
 * Reads and prepares every pair of a folder in the authors' layout. A file that is missing, unreadable or of the wrong
 * size or values is left out and reported by name in `problems`; nothing else stops the reading.
 *
 * @param options.size side length in pixels after resizing
 * @throws DatasetError `folder-not-readable`; the signal's reason when aborted
 */
export async function readFolderDataset(
  folder: string,
  options: {
    readonly io: Required<SliceIO>;
    readonly size: number;
    readonly maskValues?: MaskValues;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Dataset> {
  const { pairs, problems: unpaired } = await listFolder(folder);
  const problems = [...unpaired];
  const samples: PreparedSample[] = [];
  for (const paths of pairs) {
    options.signal?.throwIfAborted();
    try {
      samples.push(await readPair(paths, options));
    } catch (error) {
      if (!(error instanceof SampleError)) throw error;
      problems.push(error);
    }
  }
  return { samples, problems };
}

/** Reads and prepares the files of one slice. @throws SampleError */
export async function readPair(
  paths: SlicePaths,
  options: { readonly io: Required<SliceIO>; readonly size: number; readonly maskValues?: MaskValues },
): Promise<PreparedSample> {
  const image = await readGrey(paths.image, options.io);
  const mask = await readGrey(paths.mask, options.io);
  const optional = async (path: string | undefined): Promise<GreyImage | undefined> =>
    path === undefined ? undefined : readGrey(path, options.io);
  const edge = await optional(paths.edge);
  const uncertainty = await optional(paths.uncertainty);
  try {
    const sample = prepareSample(
      { id: paths.mask, image, mask, ...(edge && { edge }), ...(uncertainty && { uncertainty }) },
      options.size,
      options,
    );
    return { ...sample, id: paths.id };
  } catch (error) {
    if (error instanceof SampleError) throw error;
    throw unreadable(paths.image, error);
  }
}

/** @throws SampleError `unreadable-file` */
export async function readGrey(path: string, io: Pick<Required<SliceIO>, 'readGrey'>): Promise<GreyImage> {
  try {
    return await io.readGrey(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** The error for a file that cannot be read as an image. */
export function unreadable(path: string, cause: unknown): SampleError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new SampleError(
    'unreadable-file',
    path,
    `${path} cannot be read: ${why}`,
    'Open it in an image viewer; replace it if it is damaged, remove it if it is not an image.',
    { cause },
  );
}

/** Stem → path, sorted by stem, of the image files in `folder`. */
export async function listImages(
  folder: string,
  problems: SampleError[],
  { optional = false }: { readonly optional?: boolean } = {},
): Promise<Map<string, string>> {
  const names = await readdir(folder).catch((cause: unknown): string[] => {
    if (optional) return [];
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DatasetError('folder-not-readable', `${folder} cannot be listed: ${why}`, FOLDER_HINT);
  });
  const found = new Map<string, string>();
  for (const name of names.toSorted()) {
    const extension = extname(name);
    if (!IMAGE_EXTENSIONS.has(extension.toLowerCase()) || name.startsWith('.')) continue;
    const stem = basename(name, extension);
    const path = join(folder, name);
    const earlier = found.get(stem);
    if (earlier === undefined) found.set(stem, path);
    else {
      problems.push(
        new SampleError(
          'duplicate-stem',
          path,
          `${path} has the same name as ${earlier}; only the latter is used`,
          'Keep one file per slice and folder.',
        ),
      );
    }
  }
  return found;
}

function withoutPartner(code: 'missing-mask' | 'missing-image', path: string, what: string): SampleError {
  return new SampleError(code, path, `${path} is left out: ${what}`, FOLDER_HINT);
}
