import * as tf from '@tensorflow/tfjs-core';
import type { ChannelStatistics } from './batch-norm.js';

/**
 * One batch whose slices lie in several threads, each of which runs the same network on its own: with it, batch norm
 * normalises by all of them, and the threads together compute what one would on the whole batch (synchronised batch norm:
 * Peng et al., "MegDet", CVPR 2018). Only for backends that read tensors synchronously, such as wasm in Node.
 */
export interface SharedBatch {
  /** Threads that hold slices of it. */
  readonly parts: number;
  /** Slices that the thread with most of them holds. */
  readonly largestPart: number;
  /**
   * Hands over this thread's numbers and stands still until every thread has: gives all of them, this one's included, in
   * the same order in each thread. Every thread has to call it as often, and with as many numbers.
   */
  exchange(values: Float64Array): readonly Float64Array[];
}

/** One thread's contribution to means over the whole batch. */
interface Contribution {
  /** Values behind each mean. */
  readonly count: number;
  readonly values: Float64Array;
}

/**
 * Mean and biased variance of each channel over the whole batch, from those over each thread's slices, merged in float64
 * (Chan, Golub and LeVeque 1979): no difference of large sums.
 *
 * @param own over this thread's slices, [C] both
 * @param count values behind each of them
 * @returns the same to the last bit in each thread, [C] both, and the values behind them
 */
export function sharedStatistics(
  { mean, variance }: ChannelStatistics,
  count: number,
  batch: SharedBatch,
): ChannelStatistics & { readonly count: number } {
  const channels = mean.size;
  const merged = { count: 0, means: new Float64Array(channels), squares: new Float64Array(channels) };
  for (const part of gather([mean, variance], count, batch)) {
    const total = merged.count + part.count;
    for (let c = 0; c < channels; c++) {
      const delta = part.values[c]! - merged.means[c]!;
      merged.means[c]! += (delta * part.count) / total;
      merged.squares[c]! +=
        part.values[channels + c]! * part.count + (delta ** 2 * merged.count * part.count) / total;
    }
    merged.count = total;
  }
  return {
    mean: tf.tensor1d(Float32Array.from(merged.means)),
    variance: tf.tensor1d(Float32Array.from(merged.squares, (sum) => sum / merged.count)),
    count: merged.count,
  };
}

/** Means over the whole batch from those over each thread's slices, which `count` values are behind; [C] each. */
export function sharedMeans(own: readonly tf.Tensor1D[], count: number, batch: SharedBatch): tf.Tensor1D[] {
  const parts = gather(own, count, batch);
  const total = parts.reduce((sum, part) => sum + part.count, 0);
  let begin = 0;
  return own.map(({ size }) => {
    const first = begin;
    begin += size;
    return tf.tensor1d(
      Float32Array.from({ length: size }, (_, c) =>
        parts.reduce((sum, part) => sum + part.values[first + c]! * (part.count / total), 0),
      ),
    );
  });
}

/** What each thread has of these vectors, one behind the other. */
function gather(vectors: readonly tf.Tensor1D[], count: number, batch: SharedBatch): Contribution[] {
  const own = new Float64Array(1 + vectors.reduce((sum, { size }) => sum + size, 0));
  own[0] = count;
  let begin = 1;
  for (const vector of vectors) {
    own.set(vector.dataSync(), begin);
    begin += vector.size;
  }
  return batch.exchange(own).map((part) => ({ count: part[0]!, values: part.subarray(1) }));
}
