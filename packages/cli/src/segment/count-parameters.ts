import type { StateDict } from '@infnet/core-model';

/** Trained values of a state dict: everything but the statistics of batch norm. */
export function countParameters(dict: StateDict): number {
  let count = 0;
  for (const [name, { data }] of dict) {
    if (!/\.(?:running_mean|running_var|num_batches_tracked)$/.test(name)) count += data.length;
  }
  return count;
}
