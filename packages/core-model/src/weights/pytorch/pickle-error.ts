import { WeightsError } from '../../errors.js';

/** A pickle that is not what a program wrote. */
export function damagedPickle(what: string): WeightsError {
  return new WeightsError(
    'damaged-pickle',
    `PyTorch checkpoint: ${what}`,
    'The file is damaged or was not written by torch.save. Fetch or write it again.',
  );
}
