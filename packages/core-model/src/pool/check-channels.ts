import type { SegmentationNetwork } from '../network/segmentation-network.js';
import { PoolError } from './pool-error.js';

/** @throws {PoolError} `unsupported-network` for a network that wants more than a grey slice */
export function checkChannels({ inputChannels }: SegmentationNetwork): void {
  if (inputChannels === 3) return;
  throw new PoolError(
    'unsupported-network',
    `the network takes images of ${inputChannels} channels`,
    'a pool predicts grey slices: call predict of this network with guided images',
  );
}
