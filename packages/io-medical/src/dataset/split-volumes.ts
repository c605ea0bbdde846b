import { ImageFormatError } from '../errors.js';
import { createRandom } from '../phantom/random.js';

/** Part of a data set. */
export type DatasetPart = 'train' | 'val' | 'test';

/** Options of {@link splitVolumes}. */
export interface SplitOptions {
  /** Share of the volumes to validate on, 0..1. Default 0.2. */
  readonly validation?: number;
  /** Share of the volumes to test on, 0..1. Default 0. */
  readonly test?: number;
  /** Whole number; another seed is another split. Default 0. */
  readonly seed?: number;
}

/**
 * Deals volumes to training, validation and test: all slices of a volume to one part, since neighbouring slices are
 * nearly the same and a split by slice would test on what was trained on. Scans of one patient need one name.
 *
 * A share above 0 gives at least one volume where there are enough, and training keeps at least one. The same names in
 * any order give the same split.
 *
 * @throws {ImageFormatError} `invalid-option`
 */
export function splitVolumes(
  names: readonly string[],
  { validation = 0.2, test = 0, seed = 0 }: SplitOptions = {},
): Map<string, DatasetPart> {
  if (!(validation >= 0 && test >= 0 && validation + test < 1) || !Number.isInteger(seed)) {
    throw new ImageFormatError(
      'invalid-option',
      `there is no split of ${validation} to validate, ${test} to test and the seed ${seed}`,
      'Give shares of at least 0 whose sum is below 1, and a whole number as seed.',
    );
  }
  const order = [...new Set(names)].toSorted();
  const random = createRandom(seed);
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.integer(0, i);
    [order[i], order[j]] = [order[j] ?? '', order[i] ?? ''];
  }
  const share = (part: number, left: number): number =>
    part === 0 ? 0 : Math.max(0, Math.min(left, Math.max(1, Math.round(part * order.length))));
  const testing = share(test, order.length - 1);
  const validating = share(validation, order.length - 1 - testing);
  return new Map(
    order.map((name, i): [string, DatasetPart] => [
      name,
      i < testing ? 'test' : i < testing + validating ? 'val' : 'train',
    ]),
  );
}
