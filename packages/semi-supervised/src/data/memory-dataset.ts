import { SampleError } from '../errors.js';
import { prepareSample, type MaskValues, type PreparedSample, type Sample, type SliceIO } from './sample.js';

/** Slices ready for training, and one error for each that was left out. */
export interface Dataset {
  readonly samples: readonly PreparedSample[];
  readonly problems: readonly SampleError[];
}

/**
 * Prepares samples that are already in memory. A bad one is left out and reported; an id that occurs twice is bad.
 *
 * @param options.size side length in pixels after resizing
 */
export function prepareDataset(
  samples: readonly Sample[],
  options: {
    readonly size: number;
    readonly io?: SliceIO | undefined;
    readonly maskValues?: MaskValues;
  },
): Dataset {
  const prepared = new Map<string, PreparedSample>();
  const problems: SampleError[] = [];
  for (const sample of samples) {
    try {
      if (prepared.has(sample.id)) {
        throw new SampleError(
          'duplicate-stem',
          sample.id,
          `two samples have the id ${sample.id}`,
          'Give every sample its own id.',
        );
      }
      prepared.set(sample.id, prepareSample(sample, options.size, options));
    } catch (error) {
      if (!(error instanceof SampleError)) throw error;
      problems.push(error);
    }
  }
  return { samples: [...prepared.values()], problems };
}
