import { join } from 'node:path';
import { listFolder, listImages, readGrey, unreadable, type SlicePaths } from '../data/folder-dataset.js';
import type { GreyImage } from '../data/sample.js';
import { SampleError } from '../errors.js';
import { decodeLabels } from './decode-labels.js';
import type { ClassPrior } from './prior.js';
import type { ClassSample, ClassSliceIO } from './sample.js';

/** Samples of a folder as they are, and one error for each file that was left out. */
export interface ClassFolder {
  readonly samples: readonly ClassSample[];
  readonly problems: readonly SampleError[];
}

/**
 * Reads a folder in the authors' layout: `Imgs`, `GT` with label maps of the same names (see `decodeLabels`) and, where
 * the prior is `given`, infection maps in `Prior`. What is missing, unreadable or wrong is left out and reported by name.
 *
 * @throws DatasetError `folder-not-readable`; the signal's reason when aborted
 */
export async function readClassFolder(
  folder: string,
  options: {
    readonly classes: number;
    readonly prior: ClassPrior;
    readonly io: Required<ClassSliceIO>;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<ClassFolder> {
  const { prior, signal } = options;
  const { pairs, problems: unpaired } = await listFolder(folder);
  const problems = [...unpaired];
  const priorFolder = prior.kind === 'given' ? (prior.folder ?? join(folder, 'Prior')) : undefined;
  const priors = priorFolder === undefined ? undefined : await listImages(priorFolder, problems);
  const samples: ClassSample[] = [];
  for (const paths of pairs) {
    signal?.throwIfAborted();
    try {
      const map = priors && { path: priors.get(paths.id), folder: priorFolder as string };
      samples.push(await readSlice(paths, map, options));
    } catch (error) {
      if (!(error instanceof SampleError)) throw error;
      problems.push(error);
    }
  }
  return { samples, problems };
}

async function readSlice(
  { id, image, mask }: SlicePaths,
  map: { readonly path: string | undefined; readonly folder: string } | undefined,
  { classes, io }: { readonly classes: number; readonly io: Required<ClassSliceIO> },
): Promise<ClassSample> {
  if (map && map.path === undefined) {
    throw new SampleError(
      'missing-prior',
      image,
      `${image} is left out: no infection map ${join(map.folder, id)}.*`,
      'Add the map, under the name of its image, or let an Inf-Net predict the maps.',
    );
  }
  const labels = await readLabelMap(mask, io);
  return {
    id,
    image: await readGrey(image, io),
    labels: { ...labels, data: decodeLabels(labels, mask, classes) },
    ...(map?.path !== undefined && { prior: await readGrey(map.path, io) }),
  };
}

async function readLabelMap(path: string, io: Required<ClassSliceIO>): Promise<GreyImage> {
  try {
    return await io.readLabels(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}
