import type { TrainingData, ValidationShare } from '../data/gather-data.js';
import { splitValidation } from '../data/split.js';
import { DatasetError, SampleError, TrainingError } from '../errors.js';
import { trueMask, type ClassPrior } from './prior.js';
import {
  prepareClassSample,
  type ClassSample,
  type ClassSliceIO,
  type PreparedClassSample,
} from './sample.js';

/** Labelled slices: a folder in the authors' layout, or samples in memory. */
export type ClassDataSource = string | readonly ClassSample[];

/** What {@link gatherClassData} needs to know. */
export interface ClassGatherOptions {
  readonly data: ClassDataSource;
  readonly validation: ClassDataSource | ValidationShare;
  /** Number of classes, the background not counted. */
  readonly classes: number;
  readonly prior: ClassPrior;
  readonly io?: ClassSliceIO | undefined;
  readonly size: number;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads, guides and prepares the data of a multi-class run. Validation slices get their infection maps the same way.
 *
 * @throws DatasetError `no-samples` when nothing usable is left; `folder-not-readable`
 * @throws TrainingError `invalid-option`
 */
export async function gatherClassData(
  options: ClassGatherOptions,
): Promise<TrainingData<PreparedClassSample>> {
  const { data, validation, seed } = options;
  const labelled = await gather(data, options);
  if (isShare(validation)) {
    const { fraction } = validation;
    return { ...splitValidation(labelled.samples, { fraction, seed }), problems: labelled.problems };
  }
  const separate = await gather(validation, options);
  return {
    training: labelled.samples,
    validation: separate.samples,
    problems: [...labelled.problems, ...separate.problems],
  };
}

interface Gathered {
  readonly samples: readonly PreparedClassSample[];
  readonly problems: readonly SampleError[];
}

async function gather(source: ClassDataSource, options: ClassGatherOptions): Promise<Gathered> {
  const { samples, problems: unread } =
    typeof source === 'string' ? await read(source, options) : { samples: source, problems: [] };
  const prepared = new Map<string, PreparedClassSample>();
  const problems = [...unread];
  for (const sample of samples) {
    options.signal?.throwIfAborted();
    try {
      if (prepared.has(sample.id)) throw twice(sample.id);
      const guided = await guide(sample, options.prior);
      prepared.set(sample.id, prepareClassSample(guided, options.size, options));
    } catch (error) {
      if (!(error instanceof SampleError)) throw error;
      problems.push(error);
    }
  }
  if (prepared.size > 0) return { samples: [...prepared.values()], problems };
  const where = typeof source === 'string' ? source : 'the given samples';
  const [first] = problems;
  throw new DatasetError(
    'no-samples',
    `no usable slice in ${where}${first ? `; first problem of ${problems.length}: ${first.message}` : ''}`,
    first?.hint ?? 'Expected images in Imgs and label maps of the same names in GT.',
    problems,
  );
}

/** The sample with the infection map that it is to be learnt with. */
async function guide(sample: ClassSample, prior: ClassPrior): Promise<ClassSample> {
  const { prior: own, ...bare } = sample;
  switch (prior.kind) {
    case 'none':
      return bare;
    case 'true-masks':
      return { ...bare, prior: trueMask(sample.labels) };
    case 'model':
      return { ...bare, prior: await prior.predict(sample.image) };
    case 'given':
      if (own) return sample;
      throw new SampleError(
        'missing-prior',
        sample.id,
        `${sample.id} has no infection map`,
        'Give every sample its `prior`, or let an Inf-Net predict the maps.',
      );
  }
}

async function read(
  folder: string,
  options: ClassGatherOptions,
): Promise<{ readonly samples: readonly ClassSample[]; readonly problems: readonly SampleError[] }> {
  const { io } = options;
  if (!io?.readGrey || !io.readLabels) {
    throw new TrainingError(
      'invalid-option',
      `no way to read image files is given for ${folder}`,
      'Pass `io` with `readGrey` and `readLabels`; the functions of @infnet/io-medical fit.',
    );
  }
  const { readClassFolder } = await import('./read-folder.js');
  return readClassFolder(folder, { ...options, io: io as Required<ClassSliceIO> });
}

function twice(id: string): SampleError {
  return new SampleError(
    'duplicate-stem',
    id,
    `two samples have the id ${id}`,
    'Give every sample its own id.',
  );
}

function isShare(validation: ClassDataSource | ValidationShare): validation is ValidationShare {
  return typeof validation === 'object' && 'fraction' in validation;
}
