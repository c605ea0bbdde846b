/** A grey slice to segment. */
export interface PoolSlice {
  /** 0 ... 255, row by row, `height * width` values. */
  readonly data: Uint8Array | Uint8ClampedArray | Float32Array | readonly number[];
  readonly height: number;
  readonly width: number;
}

/** What a network found in a slice. */
export interface PoolMap {
  /** Probabilities in [0,1], [height,width,classes] row by row. */
  readonly data: Float32Array;
  readonly height: number;
  readonly width: number;
  readonly classes: number;
  /** Probability that the slice shows infection at all; only where the pool has a slice gate. */
  readonly infected?: number;
}

/** How one slice, or a run of slices, is predicted. */
export interface PredictOptions {
  /** Ends the waiting: the promise rejects with the signal's reason. A slice that is being computed is dropped when done. */
  readonly signal?: AbortSignal;
}

/** Something that segments many slices, several at a time. Made by {@link createSlicePool}. */
export interface SlicePool {
  /** How many slices are computed at the same time: workers, or images in a batch. */
  readonly parallel: number;
  /** What computes, for people: `2 workers, wasm relaxed SIMD, 1 thread`. */
  readonly device: string;

  /**
   * One slice.
   *
   * @throws {PoolError} `worker-died`, `queue-full`, `pool-disposed`; {ShapeError} for a size the network does not take;
   *   the signal's reason when aborted
   */
  predict(slice: PoolSlice, options?: PredictOptions): Promise<PoolMap>;

  /**
   * Many slices, in their order. They are asked for as there is room: what is in work is a few slices, however many there
   * are. Ends at the first slice that fails.
   *
   * @throws as {@link SlicePool.predict}
   */
  predictAll<Slice extends PoolSlice>(
    slices: Iterable<Slice> | AsyncIterable<Slice>,
    options?: PredictOptions,
  ): AsyncGenerator<{ readonly slice: Slice; readonly map: PoolMap }, void, undefined>;

  /** Ends all work at once and frees everything; what still waits is rejected. May be called again. */
  dispose(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
