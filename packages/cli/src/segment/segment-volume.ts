import type { SlicePool } from '@infnet/core-model';
import {
  displayFrame,
  putSlice,
  restoreSlice,
  toSlices,
  type ProbabilityMap,
  type Slice,
  type SliceOptions,
  type Volume,
} from '@infnet/io-medical';

/** How a volume is segmented. */
export interface SegmentVolumeOptions {
  /** Side length the network sees, a multiple of 32. */
  readonly size: number;
  readonly threshold: number;
  readonly window?: NonNullable<SliceOptions['window']>;
  /** Also keep the probabilities: four bytes a voxel. */
  readonly keepProbability: boolean;
  readonly signal: AbortSignal;
  /** Called after each slice, with what the network saw and what it gave. */
  readonly onSlice?: (slice: Slice, probability: ProbabilityMap, total: number) => void;
}

/** Result on the volume's own grid. */
export interface SegmentedVolume {
  /** 0 or 1 per voxel. */
  readonly mask: Uint8Array;
  readonly probability?: Float32Array;
}

/**
 * Segments a volume slice by slice: window, resize, network, back to the volume's grid, threshold. Holds the few
 * slices that the pool has in work unless told to keep the probabilities.
 */
export async function segmentVolume(
  pool: SlicePool,
  volume: Volume,
  options: SegmentVolumeOptions,
): Promise<SegmentedVolume> {
  const { size, threshold, window, keepProbability, signal, onSlice } = options;
  const frame = displayFrame(volume);
  const mask = new Uint8Array(volume.voxels.length);
  const probability = keepProbability ? new Float32Array(volume.voxels.length) : undefined;
  const slices = toSlices(volume, { size, ...(window !== undefined && { window }) });
  for await (const { slice, map } of pool.predictAll(slices, { signal })) {
    const restored = restoreSlice(map, volume).data;
    putSlice(
      mask,
      frame,
      slice.index,
      restored.map((p) => (p >= threshold ? 1 : 0)),
    );
    if (probability) putSlice(probability, frame, slice.index, restored);
    onSlice?.(slice, map, frame.slices);
  }
  return { mask, ...(probability && { probability }) };
}
