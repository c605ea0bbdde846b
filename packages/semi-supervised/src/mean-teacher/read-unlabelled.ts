import { readGrey } from '../data/folder-dataset.js';
import type { SliceIO } from '../data/sample.js';
import { DatasetError, SampleError } from '../errors.js';
import { listUnlabelled } from '../pseudo/unlabelled-folder.js';
import type { UnlabelledImage } from './views.js';

/**
 * Reads the images of a folder, or of the `Imgs` in it, and resizes them. One that cannot be read is left out and reported.
 *
 * @throws DatasetError `folder-not-readable`; `no-samples` when none is left
 */
export async function readUnlabelled(
  folder: string,
  { io, size, signal }: { io: Required<SliceIO>; size: number; signal?: AbortSignal | undefined },
): Promise<{ images: UnlabelledImage[]; problems: SampleError[] }> {
  const listing = await listUnlabelled(folder);
  const problems = [...listing.problems];
  const images: UnlabelledImage[] = [];
  for (const { id, path } of listing.slices) {
    signal?.throwIfAborted();
    try {
      const image = io.resize(await readGrey(path, io), size, size).data;
      images.push({ id, size, image });
    } catch (error) {
      if (!(error instanceof SampleError)) throw error;
      problems.push(error);
    }
  }
  if (images.length > 0) return { images, problems };
  throw new DatasetError(
    'no-samples',
    `no usable image in ${folder}`,
    'Give a folder of JPEG or PNG slices, or one with such slices in Imgs.',
    problems,
  );
}
