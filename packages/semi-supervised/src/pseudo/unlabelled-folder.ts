import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { listImages, unreadable } from '../data/folder-dataset.js';
import { DatasetError, type SampleError } from '../errors.js';

/** An image without label. */
export interface UnlabelledSlice {
  /** File name without ending. */
  readonly id: string;
  readonly path: string;
  /** SHA-256 of the file. */
  readonly hash: string;
}

/** The images of a folder, sorted by id, and one error for each that cannot be used. */
export interface UnlabelledListing {
  readonly slices: readonly UnlabelledSlice[];
  readonly problems: readonly SampleError[];
}

/**
 * Lists a folder of images, or the `Imgs` in it where there is one. A file that cannot be read is left out and reported.
 *
 * @throws DatasetError `folder-not-readable`; `no-samples` when there is no image
 */
export async function listUnlabelled(folder: string): Promise<UnlabelledListing> {
  const inner = join(folder, 'Imgs');
  const isLayout = await stat(inner).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  const place = isLayout ? inner : folder;
  const problems: SampleError[] = [];
  const slices: UnlabelledSlice[] = [];
  for (const [id, path] of await listImages(place, problems)) {
    try {
      const hash = createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
      slices.push({ id, path, hash });
    } catch (cause) {
      problems.push(unreadable(path, cause));
    }
  }
  if (slices.length > 0) return { slices, problems };
  throw new DatasetError(
    'no-samples',
    `no unlabelled image in ${place}`,
    'Give a folder of JPEG or PNG slices, or one with such slices in Imgs.',
    problems,
  );
}
