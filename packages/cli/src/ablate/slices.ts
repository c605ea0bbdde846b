import { createHash } from 'node:crypto';
import {
  DatasetError,
  listFolder,
  readFolderDataset,
  splitValidation,
  type PreparedSample,
  type SampleError,
  type SlicePaths,
} from '@infnet/semi-supervised';
import { readFileBytes } from '../inputs/read-file-bytes.js';
import { IO, validationOf, type TrainingChoices } from '../train/start.js';

/** The slices of one training. */
export interface RunSlices {
  readonly training: readonly PreparedSample[];
  readonly validation: readonly PreparedSample[];
  /** Files to measure the trained network on. */
  readonly test: readonly SlicePaths[];
}

/** The slices of an ablation, read once for all of its trainings. */
export interface AblationSlices {
  readonly of: (seed: number) => RunSlices;
  /** SHA-256 of the labelled slices, by which they are known again. */
  readonly sha256: string;
  readonly problems: readonly SampleError[];
}

/** Where slices come from. */
export interface SliceSources {
  /** Folder of labelled slices. */
  readonly data: string;
  /** Folder of slices to measure on; without one, those that a training is validated on. */
  readonly test: string | undefined;
  readonly choices: TrainingChoices;
  readonly size: number;
  readonly signal: AbortSignal;
}

/**
 * Reads the labelled slices and lists those to measure on.
 *
 * @throws DatasetError where a folder has no usable slice
 */
export async function gatherSlices(sources: SliceSources): Promise<AblationSlices> {
  const { data, test, choices } = sources;
  const labelled = await readUsable(data, sources);
  const validation = validationOf(choices);
  const separate = typeof validation === 'string' ? await readUsable(validation, sources) : undefined;
  const split = (seed: number): Pick<RunSlices, 'training' | 'validation'> =>
    typeof validation === 'string'
      ? { training: labelled.samples, validation: separate?.samples ?? [] }
      : splitValidation(labelled.samples, { ...validation, seed });
  const listed = await listFolder(test ?? (typeof validation === 'string' ? validation : data));
  if (listed.pairs.length === 0) throw noSlices(test ?? data, listed.problems);
  return {
    of: (seed) => {
      const slices = split(seed);
      const validated = new Set(slices.validation.map(({ id }) => id));
      const isTest = ({ id }: SlicePaths): boolean => test !== undefined || validated.has(id);
      return { ...slices, test: listed.pairs.filter(isTest) };
    },
    sha256: digest([...labelled.samples, ...(separate?.samples ?? [])]),
    problems: [
      ...labelled.problems,
      ...(separate?.problems ?? []),
      ...(test === undefined ? [] : listed.problems),
    ],
  };
}

/** SHA-256 of the files that a network is measured on. */
export async function hashTest(cases: readonly SlicePaths[]): Promise<string> {
  const hash = createHash('sha256');
  for (const { id, image, mask } of cases) {
    hash
      .update(id)
      .update(await readFileBytes(image))
      .update(await readFileBytes(mask));
  }
  return hash.digest('hex');
}

async function readUsable(
  folder: string,
  { size, signal }: SliceSources,
): Promise<{ samples: readonly PreparedSample[]; problems: readonly SampleError[] }> {
  const dataset = await readFolderDataset(folder, { io: IO, size, signal });
  if (dataset.samples.length > 0) return dataset;
  throw noSlices(folder, dataset.problems);
}

function noSlices(folder: string, problems: readonly SampleError[]): DatasetError {
  const [first] = problems;
  const why = first ? `; first problem of ${problems.length}: ${first.message}` : '';
  const hint = first?.hint ?? 'Expected images in Imgs and masks of the same names in GT.';
  return new DatasetError('no-samples', `no usable slice in ${folder}${why}`, hint, problems);
}

function digest(samples: readonly PreparedSample[]): string {
  const hash = createHash('sha256');
  for (const { id, image, mask, edge } of samples) hash.update(id).update(image).update(mask).update(edge);
  return hash.digest('hex');
}
