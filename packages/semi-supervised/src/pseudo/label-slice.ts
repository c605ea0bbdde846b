import { existsSync } from 'node:fs';
import { readGrey } from '../data/folder-dataset.js';
import type { PreparedSample } from '../data/sample.js';
import { SampleError, TrainingError } from '../errors.js';
import type { TrainableModel } from '../model.js';
import type { LabelFolder, PseudoLabelIO } from './label-folder.js';
import { pseudoLabel, type PseudoLabelStyle } from './pseudo-label.js';
import type { UnlabelledSlice } from './unlabelled-folder.js';

/** Where a slice's label goes, and how it is made. */
export interface LabelSliceOptions {
  readonly labels: LabelFolder;
  readonly style: PseudoLabelStyle;
  /** Side length in pixels that the network sees. */
  readonly size: number;
  readonly io: PseudoLabelIO;
}

/**
 * Predicts a slice, writes its label, and reads it back.
 *
 * @returns the slice prepared for training, or what is wrong with its image
 * @throws TrainingError `folder-not-readable` for an image that is gone; `run-not-writable`
 */
export async function labelSlice(
  model: Pick<TrainableModel, 'forward'>,
  slice: UnlabelledSlice,
  { labels, style, size, io }: LabelSliceOptions,
): Promise<PreparedSample | SampleError> {
  try {
    const label = await pseudoLabel(model, await readGrey(slice.path, io), { ...style, size, io });
    await labels.add(slice.id, slice.path, label);
  } catch (error) {
    if (!existsSync(slice.path)) throw vanished(slice.path, error);
    if (!(error instanceof SampleError)) throw error;
    return error;
  }
  return readLabelled(labels, slice, size);
}

/**
 * Reads a labelled slice: training sees what stands on the disk, whether it was made just now or before a restart.
 *
 * @throws TrainingError `damaged-checkpoint`
 */
export async function readLabelled(
  labels: LabelFolder,
  { id, path }: UnlabelledSlice,
  size: number,
): Promise<PreparedSample> {
  try {
    return await labels.read(id, path, size);
  } catch (cause) {
    if (!(cause instanceof SampleError)) throw cause;
    throw new TrainingError(
      'damaged-checkpoint',
      `the pseudo label of ${id} cannot be read back: ${cause.message}`,
      'Restore the file, or begin anew in another folder.',
      { cause },
    );
  }
}

/** A folder that is gone is no bad image: to leave out all that were in it would end in a network that lacks them. */
function vanished(path: string, cause: unknown): TrainingError {
  return new TrainingError(
    'folder-not-readable',
    `${path} was there when the run began and is gone`,
    'Bring the folder of unlabelled slices back, unchanged, and resume: nothing that was labelled is lost.',
    { cause },
  );
}
