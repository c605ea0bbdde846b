import { displayFrame, putSlice } from '../display-frame.js';
import { type ProbabilityMap, restoreSlice, type Slice, type SliceOptions, toSlices } from '../slices.js';
import type { Volume } from '../volume.js';

/** A map, and from a predictor with a slice gate the probability that the slice shows infection at all. */
export interface GatedMap extends ProbabilityMap {
  readonly infected?: number;
}

/** What finds the infection in slices, one map for each, in their order: a `SlicePool` of `@infnet/core-model` is one. */
export interface SlicePredictor {
  predictAll(
    slices: Iterable<Slice> | AsyncIterable<Slice>,
    options: { readonly signal?: AbortSignal },
  ): AsyncIterable<{ readonly slice: Slice; readonly map: GatedMap }>;
}

/** What is told after each slice: what the network saw, what it gave, and how many slices there are. */
export type SliceListener = (slice: Slice, probability: ProbabilityMap, total: number) => void;

/** How a volume is segmented. */
export interface SegmentVolumeOptions {
  /** Side length the network sees, a multiple of 32. */
  readonly size: number;
  /** Probabilities at or above it are mask. Default 0.5. */
  readonly threshold?: number;
  readonly window?: NonNullable<SliceOptions['window']>;
  /** Also keep the probabilities: four bytes a voxel. Default false. */
  readonly keepProbability?: boolean;
  /**
   * Slices whose probability of infection, as the predictor's gate gives it, is below this have an empty mask; the
   * probabilities of their pixels are kept as they are. Default 0.5; of no effect without a gate.
   */
  readonly gateThreshold?: number;
  readonly signal?: AbortSignal;
  readonly onSlice?: SliceListener;
}

/** Result on the volume's own grid. */
export interface SegmentedVolume {
  /** 0 or 1 per voxel. */
  readonly mask: Uint8Array;
  readonly probability?: Float32Array;
  /** What the predictor's gate gives each slice; only where it has one. */
  readonly infected?: readonly number[];
}

/**
 * Segments a volume slice by slice: window, resize, network, back to the volume's grid, threshold. Holds the few
 * slices that the predictor has in work unless told to keep the probabilities.
 *
 * In a page, where this would stand in the way of everything else, see {@link openInWorker}.
 *
 * @throws {ImageFormatError} `size-mismatch` for maps that are not one probability per pixel; what the predictor throws;
 *   the signal's reason when aborted
 */
export async function segmentVolume(
  predictor: SlicePredictor,
  volume: Volume,
  options: SegmentVolumeOptions,
): Promise<SegmentedVolume> {
  const { size, threshold = 0.5, window, keepProbability = false, gateThreshold = 0.5 } = options;
  const { signal, onSlice } = options;
  const frame = displayFrame(volume);
  const mask = new Uint8Array(volume.voxels.length);
  const probability = keepProbability ? new Float32Array(volume.voxels.length) : undefined;
  const infected: number[] = [];
  const slices = toSlices(volume, { size, ...(window !== undefined && { window }) });
  for await (const { slice, map } of predictor.predictAll(slices, signal === undefined ? {} : { signal })) {
    const restored = restoreSlice(map, volume).data;
    const isHealthy = map.infected !== undefined && map.infected < gateThreshold;
    if (map.infected !== undefined) infected[slice.index] = map.infected;
    if (!isHealthy) {
      putSlice(
        mask,
        frame,
        slice.index,
        restored.map((p) => (p >= threshold ? 1 : 0)),
      );
    }
    if (probability) putSlice(probability, frame, slice.index, restored);
    // What is shown is what is in the mask.
    const shown = isHealthy ? { ...map, data: new Float32Array(map.data.length) } : map;
    onSlice?.(slice, shown, frame.slices);
  }
  return { mask, ...(probability && { probability }), ...(infected.length > 0 && { infected }) };
}
