import type { OutputFormat, WriteOptions } from '../encode-volume.js';
import { ImageFormatError } from '../errors.js';
import type { SliceListener, SlicePredictor } from '../segment/segment-volume.js';
import type { Slice, SliceOptions } from '../slices.js';
import type { Measurement, VolumeAbout, WorkerInput } from './messages.js';
import { readInThread, type WorkerReadOptions } from './read-image-in-worker.js';
import type { ImageWorkerThread } from './worker-thread.js';

/** How a {@link WorkerVolume} is segmented. */
export interface WorkerSegmentOptions {
  /** Side length the network sees, a multiple of 32. */
  readonly size: number;
  readonly window?: NonNullable<SliceOptions['window']>;
  /** Stops between two slices. */
  readonly signal?: AbortSignal;
  readonly onSlice?: SliceListener;
}

/** A volume that lies in a worker of its own, with what was found in it. Made by {@link openInWorker}. */
export class WorkerVolume {
  readonly about: VolumeAbout;
  readonly #thread: ImageWorkerThread;

  /** @internal */
  constructor(thread: ImageWorkerThread, about: VolumeAbout) {
    this.#thread = thread;
    this.about = about;
  }

  /**
   * Segments it slice by slice, as `segmentVolume` does. The probabilities stay in the worker, in hundredths, one byte a
   * voxel, so that masks at other thresholds need no second run.
   *
   * @throws {ImageFormatError} `size-mismatch` for maps that are not one probability per pixel; what the predictor throws;
   *   the signal's reason when aborted
   */
  async segment(predictor: SlicePredictor, options: WorkerSegmentOptions): Promise<void> {
    const { signal, onSlice, size, window } = options;
    const slices = this.#slices({ size, ...(window !== undefined && { window }) });
    for await (const { slice, map } of predictor.predictAll(slices, signal === undefined ? {} : { signal })) {
      await this.#thread.ask('keepMap', { index: slice.index, map });
      onSlice?.(slice, map, this.about.slices);
    }
  }

  /**
   * Measures the mask at a threshold, within lungs that are found by density the first time.
   *
   * @param threshold hundredths: 0.01, 0.02 ... 1
   * @throws {ImageFormatError} `invalid-option`
   */
  measure(threshold: number): Promise<Measurement> {
    return this.#thread.ask('measure', { threshold });
  }

  /** The mask at a threshold as the bytes of a file; see `encodeMask`. */
  encodeMask(
    format: OutputFormat,
    { threshold = 0.5, ...options }: WriteOptions & { readonly threshold?: number } = {},
  ): Promise<Uint8Array> {
    return this.#thread.ask('encodeMask', { format, threshold, ...options });
  }

  /** The probabilities in hundredths, 0..100, as the bytes of a file. */
  encodeLevels(format: OutputFormat, options: WriteOptions = {}): Promise<Uint8Array> {
    return this.#thread.ask('encodeLevels', { format, ...options });
  }

  /** The volume itself as the bytes of a file, for a viewer; see `encodeVolume`. */
  encodeVolume(format: OutputFormat, options: WriteOptions = {}): Promise<Uint8Array> {
    return this.#thread.ask('encodeVolume', { format, ...options });
  }

  /** Ends the worker, whatever it does, and frees all it holds. What still waits is rejected. May be called again. */
  dispose(): void {
    this.#thread.close(
      new ImageFormatError('not-readable', `${this.about.source}: was closed`, 'Open it again.'),
    );
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  async *#slices(options: SliceOptions): AsyncGenerator<Slice, void, void> {
    await this.#thread.ask('startSlices', options);
    for (;;) {
      const slice = await this.#thread.ask('nextSlice', undefined);
      if (slice === undefined) return;
      yield slice;
    }
  }
}

/**
 * Opens an image in a worker that keeps it: reading, slices, masks, lungs and figures are made there, so that a page
 * answers all the while, and holds nothing of the volume. The file may come from a stranger, see
 * {@link readImageInWorker}.
 *
 * @param input path, address, bytes (copied), `Blob` or files with names
 * @throws {ImageFormatError} `timed-out`; what reading throws; the signal's reason when aborted
 *
 * @example
 * ```ts
 * import { startSlicePool } from '@infnet/core-model/pool';
 * import { openInWorker } from '@infnet/io-medical';
 *
 * // Millilitres in a dropped file, by a dropped model; both libraries start their workers by themselves.
 * export async function infectionOf(model: File, file: File, bar: (share: number) => void): Promise<number | undefined> {
 *   const pool = await startSlicePool(new Uint8Array(await model.arrayBuffer()), { wasmPaths: '/wasm/' });
 *   using scan = await openInWorker(file);
 *   await scan.segment(pool, { size: 352, onSlice: ({ index }, _map, total) => bar(index / total) });
 *   const { quantities } = await scan.measure(0.5);
 *   return quantities.volumeMl;
 * }
 * ```
 */
export async function openInWorker(
  input: WorkerInput,
  options: WorkerReadOptions = {},
): Promise<WorkerVolume> {
  const { thread, answer } = await readInThread('open', input, options);
  return new WorkerVolume(thread, answer);
}
