import { DatasetError, TrainingError, type SampleError } from '../errors.js';
import { prepareDataset, type Dataset } from './memory-dataset.js';
import { splitValidation } from './split.js';
import type { MaskValues, PreparedSample, Sample, SliceIO } from './sample.js';

/** Slices that have been prepared already, at the recipe's size. */
export interface PreparedData {
  readonly prepared: readonly PreparedSample[];
}

/** Labelled slices: a folder in the authors' layout, samples in memory, or prepared ones. */
export type DataSource = string | readonly Sample[] | PreparedData;

/** A seeded share of the training data. */
export interface ValidationShare {
  readonly fraction: number;
}

/** Slices to learn from, slices to choose by, and what was left out of either. */
export interface TrainingData<Slice = PreparedSample> {
  readonly training: readonly Slice[];
  readonly validation: readonly Slice[];
  readonly problems: readonly SampleError[];
}

/** What {@link gatherData} needs to know. */
export interface GatherOptions {
  readonly data: DataSource;
  readonly validation: DataSource | ValidationShare;
  readonly io?: SliceIO | undefined;
  readonly size: number;
  readonly seed: number;
  readonly maskValues: MaskValues;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads and prepares the data of a run.
 *
 * @throws DatasetError `no-samples` when nothing usable is left; `folder-not-readable`
 * @throws TrainingError `invalid-option`
 */
export async function gatherData(options: GatherOptions): Promise<TrainingData> {
  const { validation, seed } = options;
  const labelled = await gather(options.data, options);
  if (isShare(validation)) {
    const { training, validation: chosen } = splitValidation(labelled.samples, {
      fraction: validation.fraction,
      seed,
    });
    return { training, validation: chosen, problems: labelled.problems };
  }
  const separate = await gather(validation, options);
  return {
    training: labelled.samples,
    validation: separate.samples,
    problems: [...labelled.problems, ...separate.problems],
  };
}

async function gather(source: DataSource, options: GatherOptions): Promise<Dataset> {
  const dataset = await datasetOf(source, options);
  if (dataset.samples.length > 0) return dataset;
  const where = typeof source === 'string' ? source : 'the given samples';
  const [first] = dataset.problems;
  throw new DatasetError(
    'no-samples',
    `no usable slice in ${where}${first ? `; first problem of ${dataset.problems.length}: ${first.message}` : ''}`,
    first?.hint ?? 'Expected images in Imgs and masks of the same names in GT.',
    dataset.problems,
  );
}

async function datasetOf(source: DataSource, options: GatherOptions): Promise<Dataset> {
  if (typeof source === 'string') return read(source, options);
  if (isPrepared(source)) return { samples: checkSizes(source.prepared, options.size), problems: [] };
  return prepareDataset(source, options);
}

function checkSizes(samples: readonly PreparedSample[], size: number): readonly PreparedSample[] {
  const other = samples.find((sample) => sample.size !== size);
  if (other === undefined) return samples;
  throw new TrainingError(
    'invalid-option',
    `${other.id} was prepared at ${other.size}×${other.size}, training runs at ${size}×${size}`,
    'Prepare the slices at the size of the recipe.',
  );
}

async function read(folder: string, options: GatherOptions): Promise<Dataset> {
  const { io } = options;
  if (!io?.readGrey) {
    throw new TrainingError(
      'invalid-option',
      `no way to read image files is given for ${folder}`,
      'Pass `io` with `readGrey`; the functions of @infnet/io-medical fit.',
    );
  }
  const { readFolderDataset } = await import('./folder-dataset.js');
  return readFolderDataset(folder, { ...options, io: io as Required<SliceIO> });
}

function isShare(validation: DataSource | ValidationShare): validation is ValidationShare {
  return typeof validation === 'object' && 'fraction' in validation;
}

function isPrepared(source: DataSource): source is PreparedData {
  return typeof source === 'object' && 'prepared' in source;
}
