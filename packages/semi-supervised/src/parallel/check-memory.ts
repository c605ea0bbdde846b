import { backendLimits, checkRun, Network } from '@infnet/core-model';
import { scaledSize } from '../data/align-corners.js';
import type { TrainableNetwork } from '../model.js';
import type { NetworkRecipe } from '../recipe.js';

/**
 * Finds out whether the machine can hold so many workers, before there are any. An estimate from below, for the tasks differ;
 * each worker finds out again before it computes a pass.
 *
 * @throws BackendLimitError
 */
export function checkMemory(model: TrainableNetwork, recipe: NetworkRecipe, workers: number): void {
  const needOf = model instanceof Network ? model.needOf('train-recomputing') : undefined;
  if (needOf === undefined) return;
  const { batchSize, microBatchSize, scales, optimiser, averageDecay } = recipe;
  const batch = Math.ceil(Math.min(batchSize, microBatchSize) / workers);
  const side = scaledSize(recipe.size, Math.max(...scales));
  const copies = (optimiser === 'adam' ? 2 : 1) + (averageDecay > 0 ? 1 : 0); // of the weights: moments and average
  const kept = copies * Float32Array.BYTES_PER_ELEMENT * countValues(model);
  checkRun(
    (size) => {
      const { totalBytes, tensorBytes } = needOf(size);
      return { totalBytes: totalBytes + kept, tensorBytes };
    },
    { batch, height: side, width: side },
    backendLimits(workers),
  );
}

function countValues(model: TrainableNetwork): number {
  return [...model.parameters().values()].reduce((sum, { size }) => sum + size, 0);
}
