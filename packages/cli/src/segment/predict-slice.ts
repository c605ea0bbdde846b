import { normaliseSlices, type InfNet } from '@infnet/core-model';
import type { ProbabilityMap, Slice } from '@infnet/io-medical';

/** Probability of infection for one slice of the network's size. */
export async function predictSlice(network: InfNet, slice: Slice): Promise<ProbabilityMap> {
  const { width, height, data } = slice;
  const images = normaliseSlices([data], height, width); // [1,H,W,3]
  try {
    const probability = network.predict(images); // [1,H,W,1]
    try {
      return { width, height, data: await probability.data<'float32'>() };
    } finally {
      probability.dispose();
    }
  } finally {
    images.dispose();
  }
}
